/** The form in which logs, events and the audit log show the target of a request. */
export const SHOWN_FORM = {
  /** Stands for what is not shown. */
  hidden: '(hidden)',

  /** Characters of a path, and of a query, that are shown at most. */
  longest: 2_048,

  /** The place at which the path of a target ends, even if the client misspelled the `?`. */
  endOfPath(target: string): number {
    return target.search(/[?&;#]|$/);
  },
} as const;

/** Words in the names of parameters that tell of a secret, in small letters and digits. */
export interface SecretWords {
  /** Tell of it wherever they stand in a name, with whatever around them. */
  readonly anywhere: readonly string[];
  /** Tell of it at the end of a word of the name, with or without a number behind. */
  readonly atEnd: readonly string[];
  /** Tell of it as a whole word of the name, with or without a number behind. */
  readonly alone: readonly string[];
  /** Schemes of `Authorization`: credentials stand behind them and a space. */
  readonly schemes: readonly string[];
}

/** All words by which secrets are found. */
export const SECRET_WORDS: SecretWords = {
  anywhere: [
    ...['password', 'passwort', 'passwd', 'passwrd', 'pasword', 'passphrase', 'passcode'],
    ...['passkey', 'kennwort', 'contrasen', 'motdepasse', 'wachtwoord', 'losenord'],
    ...['accesskey', 'apikey', 'clientkey', 'privatekey', 'secretkey', 'sharedkey', 'signingkey'],
    ...['token', 'jwt', 'pwd', 'secret', 'credential', 'authoriz', 'authoris', 'authenticat'],
    ...['bearer', 'assertion', 'saml', 'session', 'cookie', 'kauth', 'signature', 'csrf', 'xsrf'],
  ],
  atEnd: ['pass', 'pw', 'psw', 'pswd', 'psswd', 'passord', 'auth', 'key', 'otp', 'hmac'],
  alone: [
    ...['u', 'p', 'basic', 'sig', 'pin', 'code', 'sid', 'cred', 'creds', 'hash', 'ticket'],
    ...['mdp', 'senha', 'heslo', 'haslo', 'parola', 'salasana'],
  ],
  schemes: ['basic', 'bearer', 'digest', 'negotiate', 'ntlm', 'token'],
};

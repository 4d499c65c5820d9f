/** A password or a token that nobody takes for anything else. */
export const SECRET = 'hunter2';

const JWT = `eyJhbGciOiJIUzI1NiJ9.eyJ1c2VybmFtZSI6ImFteSJ9.${SECRET}`;

const LONG_PATH = `/${'x'.repeat(2_020)}`;

/** Targets in which a client may send it, as it is common or by a mistake. */
export const SPELLINGS: readonly string[] = [
  // Nested names.
  '/x?user[password]=hunter2',
  '/x?user%5Bpassword%5D=hunter2',
  '/x?user.password=hunter2',
  '/x?form[p]=hunter2',
  '/x?login[u]=hunter2',
  '/x?q[token]=hunter2',
  '/x?[p]=hunter2',
  '/x?[u]=hunter2',
  '/x?next=/y%3Fuser[password]=hunter2',
  '/x?next=/y%3Fuser[p][0]=hunter2',
  // Words joined with others, and other words.
  ...['password_confirmation', 'password1', 'passwords', 'newpassword', 'userpassword', 'dbpass'],
  ...['accesstoken', 'authtoken', 'refreshtoken', 'id_token_hint', 'X-Amz-Security-Token', 'p2'],
  ...['bearer', 'basic', 'session', 'kauth', 'sig', 'key', 'otp', 'code', 'client_assertion'],
  ...['SAMLResponse', 'pass%20word', 'pass+word', 'Passwort', 'accessKeyId', 'xAuth', 'csrf'],
  ...['hmac', 'pin', 'sid', 'cred', 'creds', 'hash', 'ticket', 'digest_auth', 'pw', 'signingkey'],
  ...[
    'pswd',
    'user_pswd2',
    'psw',
    'passwrd',
    'pasword',
    'pass-phrase',
    'Kennwort',
    'neues_kennwort',
  ],
  ...['contrasena', 'contrase%C3%B1a', 'contrasen%CC%83a', 'motdepasse', 'mot_de_passe', 'mdp'],
  ...['senha', 'wachtwoord', 'passord', 'l%C3%B6senord', 'heslo', 'haslo', 'parola', 'salasana'],
  // Punctuation around a name.
  ...['$p', '"p"', "'p'", '(p)', '{p}', '*p', '!p', 'p*', 'p:', 'p|', 'a,p', 'p,', 'p"', '\\p'],
  ...['%E0%81%B0', '%F0%80%81%B0', '%C1%B0%EF%BD%90', '%C0%B0p', '%C0%B0%70', 'p%C2%B9', 'p%C2%AA'],
  ...['%EF%BD%90', '%C1%B0', '%u0070', '\\u0070', '%5Cx70', 'p%C2%AD'],
].map((text) => (text.startsWith('/') ? text : `/x?${text}=hunter2`));

/** The same in values and paths. */
export const MORE_SPELLINGS: readonly string[] = [
  ...['cookie=__Host-kauth=hunter2', 'body={"password":"hunter2"}', '{"p":"hunter2"}'],
  ...['body=%7B%22password%22%3A%22hunter2%22%7D', 'body=%7B%22%5Cu0070%22%3A%22hunter2%22%7D'],
  ...['body=["password","hunter2"]', 'q=CREATE+USER+x+WITH+PASSWORD+%27hunter2%27'],
  ...['h=Authorization:%20Basic%20hunter2', 'h=Authorization:Bearer+hunter2', 'h=Basic+hunter2'],
  ...['h=NTLM+hunter2', 'h=Negotiate+hunter2', 'h=Digest+hunter2', 'h=Token%20hunter2'],
  ...['url=http:\\\\a:hunter2@host', 'url=http:%5C%5Ca:hunter2@host', 'dsn=user:hunter2@host'],
  ...['url=//a:x&hunter2@host', 'url=//a:hunter2&y@host', 'url=//a:hunter2&y%40host'],
  ...['a=b|p=hunter2', "a='p=hunter2'", 'a=(p=hunter2)', 'a=x:p=hunter2', 'a=%22p=hunter2'],
  ...['p:hunter2', 'p%3Dhunter2', 'p%253Dhunter2', '=p=hunter2', 'a=&#112;=hunter2'],
  ...['a=%26%23112%3B=hunter2', 'a=%26%23x70%3B=hunter2', 'p=a&hunter2', 'a=%EF%BC%A0p=hunter2'],
  ...['next=/subscribe/hunter2/write', 'next=%2Fsubscribe%2Fhunter2%2Fwrite'],
  ...['a=//b:c&%2525252525252540hunter2@d', 'a=//b:hunter2&#64;d', 'a=//b:c;hunter2@d'],
  // JWTs, under whatever name.
  ...[`id=${JWT}`, JWT, `a=b,${JWT}`, `a=(${JWT})`, `next=/y/${JWT}`, `a=x${JWT}`, `#${JWT}`],
  ...[`a=${JWT.replaceAll('.', '%2E')}`, `a=%65${JWT.slice(1)}`, `a=b=${JWT}`, `a=1.2.${JWT}`],
]
  .map((query) => `/x?${query}`)
  .concat(
    ...[
      '/%ff%73ubscribe/hunter2/write',
      '/%ffsubscribe/hunter2/write',
      '/xsubscribe/hunter2/write',
    ],
    ...['/%EF%BD%93ubscribe/hunter2/write', '/kapacitor/v1/subscribe/hunter2/write'],
    ...['/x%2Fsubscribe%2Fhunter2', '/%25252525252573ubscribe/hunter2', '/s%C2%ADubscribe/hunter2'],
    ...[`${LONG_PATH}//admin:hunter2${'z'.repeat(60)}@host/`, `${LONG_PATH}/a:hunter2@host/`],
    ...['/http:/a:hunter2@host/', '/a:hunter2@host', '/a:x/hunter2@host', '/a:hunter2/x@host'],
    ...[`/${JWT}`, `/x/${JWT}/y`, `/x/y-${JWT}`, `/x.y.${JWT}`, `/${JWT.replaceAll('.', '%252E')}`],
    ...[`http://h/${JWT}`, `/x/${JWT};y`, `/x%2F${JWT}`, `/%00${JWT}`],
    ...['/x#p:hunter2', '/x#p=hunter2', '/users/amy,p=hunter2', '/Basic%20hunter2'],
    ...[
      '/Bearer+hunter2',
      '//admin:hunter2?x@host',
      '//admin:x?hunter2@host/',
      '/a:hunter2;x@host',
    ],
    ...['http://amy:hunter2/x@gw/y', 'http://amy:x/hunter2@gw/y', '/\\\\a:hunter2@host'],
  );

/** Targets that hold nothing to hide: they must stay readable. */
export const READABLE: readonly string[] = [
  '/write?database=x&rp=y&precision=s&limit=5&find=amy',
  '/write?db=telegraf&rp=autogen&consistency=one&epoch=ms',
  '/kapacitor/v1/tasks?pattern=a*&fields=link,status&dot-view=attributes&script-format=raw',
  '/kapacitor/v1/tasks?pattern=p&passive=1&user=amy&find=token&offset=10&limit=100',
  '/kapacitor/v1/replays?replay-id=a-b_c&task=cpu&rec-time=true&clock=fast&status=running',
  '/kapacitor/v1/recordings?start=2026-01-01T00:00:00Z&stop=2026-01-01T01:30:00%2B01:00',
  '/kapacitor/v1/alerts/topics/main:cpu:alert5/events?min-level=WARNING',
  '/query?db=a&q=SELECT%20mean(%22usage%22)%20FROM%20%22cpu%22%20WHERE%20time%20%3E%20now()%20-%201h',
  '/query?q=SHOW+DATABASES&chunked=true&chunk_size=100&group-where=host%3D%27a%27',
  '/admin/users?find=amy@example.com&type=admin&after=bob&done=created&address=::1',
  '/kapacitor/v1/config/smtp/password',
  '/kapacitor/v1/tasks/token_usage',
  '/kapacitor/v1/users/amy@example.com',
  '/kapacitor/v1/tasks/gr%C3%B6%C3%9Fe%20(2)',
  '/kapacitor/v1/tasks/eyJump',
  '/kapacitor/v1/tasks/eyJump.cpu?pattern=eyJ*&find=a.eyJump',
  '/kapacitor/v1/tasks/a.b.c?version=1.2.3&dot-view=a.b.c',
  '/kapacitor/v1/tasks/bypass-order?find=passord&sort=pass_order&group=maps,wdb',
  '/x?bypassOrder=1&compassOrdinal=1',
  '/write?db=a;rp=b',
  '/query?db=a&q=SELECT%20%22a.b.c%22%20FROM%20%22eyJump%22.%22b%22',
  '/login?next=/admin/users/amy',
  '/x?filter=a%3Dp&name=%E6%97%A5%E6%9C%AC',
];

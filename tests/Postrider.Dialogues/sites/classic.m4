divert(-1)
# What every classic site has: the oracle's head, without files of /etc/mail.
divert(0)dnl
VERSIONID(`dialogue')dnl
OSTYPE(`linux')dnl
define(`confDOMAIN_NAME', `mx.example.com')dnl
define(`ALIAS_FILE', `')dnl
define(`QUEUE_DIR', `/var/spool/mqueue')dnl
define(`LOCAL_MAILER_PATH', `/usr/libexec/sendmail/deliver')dnl
define(`LOCAL_MAILER_ARGS', `deliver -d $u')dnl
LOCAL_DOMAIN(`example.com')dnl
FEATURE(`no_default_msa')dnl
DAEMON_OPTIONS(`Port=25, Addr=127.0.0.1, Name=MTA')dnl

# Postrider as `make build` leaves it. POSTRIDER names the program; bench.sh sets it to out/postrider of its checkout.
PR=$POSTRIDER
srv_caps() { echo local relay tls idle submit mailq defer; }
srv_prepare() {
  mkdir -p $W/queue $W/certs; cp $TLS_CERT $W/certs/cert.pem; cp $TLS_KEY $W/certs/key.pem; chmod 600 $W/certs/key.pem
  printf '@bench.test\t%s\npostmaster\t%s\n' "$MAILDIR" "$MAILDIR" > $W/mailboxes
  chown -R benchmail:benchmail $W/queue $W/certs/key.pem
  cat > $W/sendmail.mc <<C
include(\`cf.m4')dnl
VERSIONID(\`bench')dnl
OSTYPE(\`linux')dnl
define(\`confDOMAIN_NAME', \`mail.bench.test')dnl
LOCAL_DOMAIN(\`bench.test')dnl
define(\`confRUN_AS_USER', \`benchmail')dnl
define(\`QUEUE_DIR', \`$W/queue')dnl
define(\`confPID_FILE', \`$W/queue/postrider.pid')dnl
define(\`confPRIVACY_FLAGS', \`goaway')dnl
define(\`confCACERT_PATH', \`$W/certs')dnl
define(\`confCACERT', \`$W/certs/cert.pem')dnl
define(\`confSERVER_CERT', \`$W/certs/cert.pem')dnl
define(\`confSERVER_KEY', \`$W/certs/key.pem')dnl
define(\`SMART_HOST', \`relay:[127.0.0.1]:$SINK_PORT')dnl
FEATURE(\`no_default_msa')dnl
FEATURE(\`accept_unresolvable_domains')dnl
FEATURE(\`virtual_mailboxes', \`text:$W/mailboxes', \`$(dirname $MAILDIR)')dnl
DAEMON_OPTIONS(\`Name=MTA, Addr=127.0.0.1, Port=$PORT')dnl
MAILER(\`smtp')dnl
C
}
srv_start() { exec $PR sendmail -bD -C $W/sendmail.mc; }
srv_queue() { :; }
srv_submit() { echo $PR sendmail -C $W/sendmail.mc -t -i; }
srv_mailq() { echo $PR sendmail -C $W/sendmail.mc -bp; }
srv_facts() { cat <<C
{"version":"$($PR sendmail -d0 -bv postmaster 2>/dev/null | head -1 | tr -d '"')","fsync":"one fdatasync for many sessions before 250 (journal); Maildir file fsynced","delivery":"Maildir, in process","raised":"nothing","log":"stderr"}
C
}

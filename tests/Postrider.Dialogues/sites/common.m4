divert(-1)
# What all dialogue sites have in common.
divert(0)dnl
define(`confDOMAIN_NAME', `mx.example.com')dnl
define(`ALIAS_FILE', `')dnl
LOCAL_DOMAIN(`example.com')dnl
FEATURE(`virtual_mailboxes', `text:mailboxes', `mail')dnl

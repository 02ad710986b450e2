divert(-1)
# A server's certificate, and the authority that its clients' certificates are verified by. DIALOGUE_DIR is defined by the runner.
divert(0)dnl
define(`confCACERT_PATH', DIALOGUE_DIR`/certs')dnl
define(`confCACERT', DIALOGUE_DIR`/certs/ca.crt')dnl
define(`confSERVER_CERT', DIALOGUE_DIR`/certs/server.crt')dnl
define(`confSERVER_KEY', DIALOGUE_DIR`/certs/server.key')dnl

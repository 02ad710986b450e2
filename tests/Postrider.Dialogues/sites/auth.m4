divert(-1)
# alice may authenticate, and who did may relay.
divert(0)dnl
FEATURE(`user_store', DIALOGUE_DIR`/users')dnl
TRUST_AUTH_MECH(`SCRAM-SHA-256 LOGIN PLAIN')dnl

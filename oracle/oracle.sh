#!/bin/bash
# oracle.sh - run REAL sendmail 8.17.1.9 (Debian 12 package) as a behavioural oracle.
#
#   oracle.sh setup              download + extract packages, install shared libs/tools (apt), make certs
#   oracle.sh up [private|host]  create the sandbox (overlay root, own mount/UTS/IPC/PID ns; 'private' also own
#                                network ns). 'host' shares the host's loopback so 127.0.0.1:PORT is reachable.
#   oracle.sh down               destroy the sandbox (kills only the sandbox's own init => everything inside)
#   oracle.sh sh [cmd...]        run a command (or a shell) inside the sandbox
#   oracle.sh build FILE.mc OUT.cf    m4-build a .cf inside the sandbox
#   oracle.sh daemon PORT [FILE.mc]   start a daemon on 127.0.0.1:PORT (mc/base.mc with the port replaced, or your own .mc)
#   oracle.sh transcripts [NN...]     record the scenarios of the real sendmail again, into $ORACLE_WORK/transcripts (private sandbox)
#   oracle.sh compare DIR [stock|native] [NN...] [-- compare.py options]
#                                     run the scenarios against the program in DIR (its sendmail, makemap, newaliases, mailq, ...)
#                                     instead of the real one, into $ORACLE_WORK/got-<mode>/, and compare with $ORACLE_WANT
#                                     (default $ORACLE_WORK/transcripts, made by "oracle.sh transcripts").
#                                     stock: the .cf comes from GNU m4 and the sendmail-cf library; native: DIR/postrider build --library=builtin
#   oracle.sh selftest           setup+up+send one message+down, bounded to ~2 minutes
#
# Each $ORACLE_WORK has a sandbox of its own: two people with two of them do not disturb each other.
# Layout: $ORACLE_WORK (default /var/tmp/sendmail-oracle; made from this script's directory) is mounted as /oracle inside the sandbox.
# Nothing outside /opt/peers/sendmail, this dir and apt-installed libs/tools is modified.
set -u
HERE="$(cd "$(dirname "$0")" && pwd)"
ORACLE="${ORACLE_WORK:-/var/tmp/sendmail-oracle}"; mkdir -p "$ORACLE/transcripts" "$ORACLE/ns" && cp "$HERE"/*.py "$ORACLE/" || exit 1
PEER=${ORACLE_PEER:-/opt/peers/sendmail}; export PEER
NS=$ORACLE/ns
PIDF=$NS/init.pid
PKGS="sendmail-bin sendmail-base sendmail-cf sensible-mda sendmail-doc libmilter1.0.1 rmail"
LIBS="libdb5.3 libldap-2.5-0 liblockfile1 libnsl2 libsasl2-2 libssl3 libwrap0 m4 swaks sasl2-bin libsasl2-modules openssl socat ncat db-util strace"
export DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin
PY=/usr/bin/python3; [ -x $PY ] || PY=python3

die() { echo "oracle: $*" >&2; exit 1; }

setup() {
	mkdir -p $PEER/debs "$ORACLE/lib" "$ORACLE/mc" "$ORACLE/certs" "$ORACLE/transcripts"
	if [ ! -x $PEER/usr/libexec/sendmail/sendmail ]; then
		(cd $PEER/debs && timeout 120 apt-get download $PKGS) || { timeout 120 apt-get update -qq; (cd $PEER/debs && timeout 120 apt-get download $PKGS) || die "download failed"; }
		for d in $PEER/debs/*.deb; do dpkg -x "$d" $PEER || die "dpkg -x $d"; done
	fi
	dpkg -s $LIBS >/dev/null 2>&1 || timeout 300 apt-get install -y --no-install-recommends $LIBS >/dev/null || die "apt-get install failed"
	certs
	helpers
}

certs() {
	local D="$ORACLE/certs"; mkdir -p "$D"; cd "$D" || exit 1
	[ -f done.stamp ] && return 0
	mkca() { # name subject
		openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -keyout $1.key -out $1.crt -subj "$2" \
		  -addext basicConstraints=critical,CA:TRUE -addext keyUsage=keyCertSign,cRLSign 2>/dev/null; }
	mkcert() { # name subject ca san extra
		openssl req -newkey rsa:2048 -nodes -keyout $1.key -out $1.csr -subj "$2" 2>/dev/null
		printf 'basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth,clientAuth\nsubjectAltName=%s\n' "$4" > $1.ext
		openssl x509 -req -in $1.csr -CA $3.crt -CAkey $3.key -CAcreateserial -days ${5:-3650} -extfile $1.ext -out $1.crt 2>/dev/null; }
	mkca ca  "/C=US/ST=California/L=Berkeley/O=Oracle Test/CN=Oracle Root CA/emailAddress=ca@oracle.test"
	mkca ca2 "/O=Unknown/CN=Other CA"
	mkcert server "/O=Oracle Test/CN=mx.oracle.test" ca "DNS:mx.oracle.test"
	mkcert client "/O=Oracle Test/OU=Mobile Users/CN=client10.example.net/emailAddress=alice@example.net" ca "DNS:client10.example.net"
	mkcert alice  "/O=Oracle Test/CN=alice/emailAddress=alice@oracle.test" ca "email:alice@oracle.test"
	mkcert badclient "/O=Evil/CN=evil client" ca2 "DNS:evil.example"
	mkcert peer6 "/O=Peer/CN=mx6.example.org" ca "DNS:mx6.example.org"
	mkcert peer7 "/O=Peer/CN=mx7.example.org" ca2 "DNS:mx7.example.org"
	# selfsigned
	openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -keyout selfsigned.key -out selfsigned.crt -subj "/CN=selfsigned.example" 2>/dev/null
	# expired client cert and CRL revoking 'revoked'
	mkcert revoked "/O=Oracle Test/CN=revoked client" ca "DNS:revoked.example.net"
	: > index.txt; echo 1000 > crlnumber
	printf '[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ncrlnumber=crlnumber\ndefault_md=sha256\ndefault_crl_days=3650\n' > crl.cnf
	openssl ca -config crl.cnf -cert ca.crt -keyfile ca.key -revoke revoked.crt 2>/dev/null
	openssl ca -config crl.cnf -cert ca.crt -keyfile ca.key -gencrl -out ca.crl 2>/dev/null
	openssl dhparam -dsaparam -out dh.pem 1024 2>/dev/null
	chmod 600 *.key; chmod 644 *.crt
	touch done.stamp
}

helpers() {
[ -f $PEER/etc/mail/helpfile ] && cp $PEER/etc/mail/helpfile "$ORACLE/lib/helpfile"
cat > "$ORACLE/lib/syslogd.py" <<'EOF'
import socket,os,sys
p,out=sys.argv[1],sys.argv[2]
try: os.unlink(p)
except OSError: pass
s=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM); s.bind(p); os.chmod(p,0o666)
f=open(out,'ab',buffering=0)
while True:
    d=s.recv(65536).rstrip(b'\n\0')
    pri=d[1:d.index(b'>')]; n=int(pri)
    lv=['emerg','alert','crit','err','warning','notice','info','debug'][n&7]
    body=d[d.index(b'>')+1:]
    f.write(b'mail.'+lv.encode()+b' '+body+b'\n' if n>>3==2 else b'fac%d.%s '%(n>>3,lv.encode())+body+b'\n')
EOF
cat > "$ORACLE/lib/dns.py" <<'EOF'
# tiny authoritative DNS server (UDP+TCP) for the sandbox
import socket,struct,sys,threading
ADDR=sys.argv[1]; LOG=open(sys.argv[2],'a',buffering=1)
A={}; MX={}; PTR={}; TXT={}; CNAME={}; SERVFAIL=set(); AAAA={}
def a(n,ip,ptr=True):
    A.setdefault(n,[]).append(ip)
    if ptr: PTR['.'.join(reversed(ip.split('.')))+'.in-addr.arpa']=n
a('mx.oracle.test','127.0.1.1'); MX['oracle.test']=[(10,'mx.oracle.test')]; a('oracle.test','127.0.1.1',False)
a('localhost','127.0.0.1')
a('client10.example.net','127.2.0.10'); MX['example.net']=[(10,'mx1.example.org')]
PTR['20.0.2.127.in-addr.arpa']='client20.example.net'; A['client20.example.net']=['127.2.0.99']   # forged
SERVFAIL.add('40.0.2.127.in-addr.arpa')                                                          # tempfail PTR
a('friend.example.com','127.2.0.50'); a('relay60.partner.test','127.2.0.60'); a('spam70.spam.test','127.2.0.70')
a('host80.sub.partner.test','127.2.0.80'); a('tls90.example.net','127.2.0.90')
for i in range(1,21): a('mx%d.example.org'%i,'127.3.0.%d'%i)
MX['example.org']=[(10,'mx1.example.org')]; A['example.org']=['127.3.0.1']
A['example.net']=['127.3.0.1']
MX['example.com']=[(10,'mx1.example.org')]; A['example.com']=['127.3.0.1']
for i in range(1,21): MX['d%d.example.org'%i]=[(10,'mx%d.example.org'%i)]
MX['multi.example.org']=[(10,'mx11.example.org'),(20,'mx12.example.org'),(30,'mx1.example.org')]
MX['nullmx.example.org']=[(0,'')]
MX['backup.example.org']=[(10,'mx1.example.org'),(20,'mx.oracle.test')]
MX['loop.example.org']=[(10,'mx.oracle.test')]
CNAME['alias.example.org']='mx1.example.org'; CNAME['cn.example.org']='d2.example.org'
SERVFAIL.add('tempfail.example.org'); SERVFAIL.add('tempfail.test')
A['partner.test']=['127.3.0.1']; A['spam.test']=['127.3.0.1']; A['goodsender.test']=['127.3.0.1']
A['70.0.2.127.bl.test']=['127.0.0.2']; TXT['70.0.2.127.bl.test']='blocked, see http://bl.test/70'
A['bad.rhsbl.test']=['127.0.0.2']
for d in ('user.test','virtual.test','secret.test','acc.test','vhost.test'): A[d]=['127.3.0.1']
def name(b,o):
    l=[]; 
    while True:
        n=b[o]; o+=1
        if n==0: break
        if n&0xc0: p=((n&0x3f)<<8)|b[o]; o+=1; l+=name(b,p)[0].split('.'); break
        l.append(b[o:o+n].decode('latin1')); o+=n
    return '.'.join(l),o
def enc(n):
    r=b''
    for p in n.split('.'):
        if p: r+=bytes([len(p)])+p.encode()
    return r+b'\0'
def answer(b):
    qid,fl,qd,_,_,_=struct.unpack('>6H',b[:12]); n,o=name(b,12); qt,qc=struct.unpack('>HH',b[o:o+4]); q=b[12:o+4]
    key=n.lower(); ans=[]; rc=0; seen=0
    if key in SERVFAIL: rc=2
    else:
        cur=key
        while cur in CNAME and seen<5:
            ans.append((cur,5,enc(CNAME[cur]))); cur=CNAME[cur]; seen+=1
        if qt in(1,255):
            for ip in A.get(cur,[]): ans.append((cur,1,socket.inet_aton(ip)))
        if qt in(15,255):
            for p,h in MX.get(cur,[]): ans.append((cur,15,struct.pack('>H',p)+enc(h)))
        if qt in(12,255) and cur in PTR: ans.append((cur,12,enc(PTR[cur])))
        if qt in(16,255) and cur in TXT: t=TXT[cur].encode(); ans.append((cur,16,bytes([len(t)])+t))
        if not ans and not any(cur in d for d in (A,MX,PTR,TXT,CNAME)): rc=3
    T={1:'A',2:'NS',5:'CNAME',12:'PTR',15:'MX',16:'TXT',28:'AAAA',52:'TLSA',255:'ANY'}
    LOG.write('%s %s rc=%d n=%d\n'%(T.get(qt,qt),n,rc,len(ans)))
    r=struct.pack('>6H',qid,0x8580|rc,1,len(ans),0,0)+q
    for nm,t,d in ans: r+=enc(nm)+struct.pack('>HHIH',t,1,60,len(d))+d
    return r
def udp():
    s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); s.bind((ADDR,53))
    while True:
        try: b,c=s.recvfrom(4096); s.sendto(answer(b),c)
        except Exception as e: LOG.write('err %r\n'%e)
def tcp():
    s=socket.socket(); s.setsockopt(socket.SOL_SOCKET,socket.SO_REUSEADDR,1); s.bind((ADDR,53)); s.listen(20)
    while True:
        c,_=s.accept()
        try:
            l=struct.unpack('>H',c.recv(2))[0]; r=answer(c.recv(l)); c.sendall(struct.pack('>H',len(r))+r)
        except Exception as e: LOG.write('err %r\n'%e)
        c.close()
threading.Thread(target=tcp,daemon=True).start(); udp()
EOF
cat > "$ORACLE/lib/sink.py" <<'EOF'
# scripted SMTP sinks on 127.3.0.N:25 (see table P); everything received is logged to <logdir>/sink-N.log
import socket,ssl,sys,threading,time,base64,hmac
LOGD=sys.argv[1]; CERT=sys.argv[2]
FULL=['PIPELINING','ENHANCEDSTATUSCODES','8BITMIME','SIZE 5000000','DSN','DELIVERBY 60']
P={1:dict(ext=FULL),2:dict(noehlo=1),3:dict(ext=['SIZE 100000']),4:dict(ext=FULL,rcpt='550 5.1.1 <%s>... User unknown (sink)'),
5:dict(ext=FULL,rcpt='451 4.3.0 <%s>... Try again later (sink)'),6:dict(ext=FULL+['AUTH PLAIN LOGIN CRAM-MD5'],tls='peer6'),7:dict(ext=FULL,tls='peer7'),
8:dict(ext=FULL,tls=None,starttls='454 4.3.3 TLS not available'),9:dict(greet='421 4.3.2 sink closing'),10:dict(greet='554 5.7.1 go away'),
12:dict(ext=FULL,dot='554 5.6.0 content rejected (sink)'),13:dict(ext=FULL,mail='553 5.1.8 bad sender (sink)'),14:dict(ext=['PIPELINING','8BITMIME','SIZE 500']),
15:dict(ext=FULL,dot='451 4.7.1 greylisted (sink)'),16:dict(ext=FULL+['AUTH PLAIN'],needauth=1),17:dict(ext=FULL,rcpt='452 4.5.3 too many'),18:dict(ext=['8BITMIME','AUTH DIGEST-MD5 CRAM-MD5 PLAIN LOGIN'],authfail=1),
19:dict(greet='hang'),20:dict(ext=FULL,starttls='220 2.0.0 go',tls='garbage')}
def serve(n,c,addr,log):
    p=P[n]; f=c.makefile('rb'); tls=False; authed=False; nok=0
    def w(s): log('S: '+s); c.sendall((s+'\r\n').encode())
    def rd():
        l=f.readline()
        if not l: log('(eof)'); return None
        log('C: '+l.rstrip(b'\r\n').decode('latin1')); return l.rstrip(b'\r\n').decode('latin1')
    log('--- connect from %s:%d'%(addr[0],0))
    if p.get('greet')=='hang': time.sleep(30); c.close(); return
    if p.get('greet'): 
        w(p['greet'])
        while True:
            l=rd()
            if l is None: return
            w(p['greet'] if not l.upper().startswith('QUIT') else '221 2.0.0 bye')
            if l.upper().startswith('QUIT'): c.close(); f.close(); return
    w('220 mx%d.example.org ESMTP sink'%n)
    while True:
        l=rd()
        if l is None: return
        u=l.upper()
        if u.startswith('EHLO'):
            if p.get('noehlo'): w('500 5.5.1 Command unrecognized'); continue
            e=list(p.get('ext',[]))
            if ('tls' in p or 'starttls' in p) and not tls: e.append('STARTTLS')
            L=['mx%d.example.org Hello'%n]+e
            for i,x in enumerate(L): w('250%s%s'%('-' if i<len(L)-1 else ' ',x))
        elif u.startswith('HELO'): w('250 mx%d.example.org'%n)
        elif u.startswith('STARTTLS'):
            if p.get('starttls') and not p.get('tls'): w(p['starttls']); continue
            w('220 2.0.0 Ready to start TLS')
            if p['tls']=='garbage': c.sendall(b'this is not TLS\r\n'); time.sleep(0.3); c.close(); log('(sent garbage)'); return
            ctx=ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); ctx.load_cert_chain(CERT+'/'+p['tls']+'.crt',CERT+'/'+p['tls']+'.key')
            try: ctx.load_verify_locations(CERT+'/ca.crt'); ctx.verify_mode=ssl.CERT_OPTIONAL
            except Exception: pass
            try: c=ctx.wrap_socket(c,server_side=True)
            except Exception as ex: log('(tls error %s)'%ex); return
            pc=c.getpeercert(); log('(tls %s %s client-cert=%s)'%(c.version(),c.cipher()[0],dict(x[0] for x in pc['subject']).get('commonName') if pc else None)); f=c.makefile('rb'); tls=True
        elif u.startswith('AUTH'):
            a=l.split()
            if p.get('authfail'):
                if len(a)<3:
                    w('334 '+base64.b64encode(b'<1.2@mx18>').decode()); rd()
                    if a[1].upper()=='LOGIN': w('334 UGFzc3dvcmQ6'); rd()
                w('535 5.7.8 authentication failed'); continue
            if len(a)<3:
                if a[1].upper()=='CRAM-MD5':
                    w('334 '+base64.b64encode(b'<123.456@mx%d.example.org>'%n).decode()); r=rd(); log('(cram: %s)'%base64.b64decode(r))
                elif a[1].upper()=='LOGIN':
                    w('334 VXNlcm5hbWU6'); rd(); w('334 UGFzc3dvcmQ6'); rd()
                else: w('334 '); r=rd(); log('(plain: %r)'%base64.b64decode(r))
            else: log('(initial: %r)'%base64.b64decode(a[2]))
            w('235 2.7.0 Authentication successful'); authed=True
        elif u.startswith('MAIL'):
            if p.get('needauth') and not authed: w('530 5.7.0 Authentication required')
            else: w(p.get('mail','250 2.1.0 Sender ok')); nok=0
        elif u.startswith('RCPT'):
            r=p.get('rcpt','250 2.1.5 Recipient ok'); a=l[l.find('<')+1:l.find('>')]
            w(r%a if '%s' in r else r); nok+=r.startswith('250')
        elif u.startswith('DATA'):
            if not nok: w('554 5.5.1 no valid recipients'); continue
            w('354 go')
            while True:
                x=rd()
                if x is None: return
                if x=='.': break
            w(p.get('dot','250 2.0.0 sink-accepted-%d Message accepted'%n))
        elif u.startswith('QUIT'): w('221 2.0.0 bye'); c.close(); return
        elif u.startswith('RSET') or u.startswith('NOOP'): w('250 2.0.0 OK')
        else: w('502 5.5.1 not implemented')
def listen(n):
    s=socket.socket(); s.setsockopt(socket.SOL_SOCKET,socket.SO_REUSEADDR,1); s.bind(('127.3.0.%d'%n,25)); s.listen(50)
    def log(m):
        with open('%s/sink-%d.log'%(LOGD,n),'a') as f: f.write(m+'\n')
    while True:
        c,a=s.accept()
        def go(c=c,a=a):
            try: serve(n,c,a,log)
            except Exception as e: log('(exception %r)'%e)
        threading.Thread(target=go,daemon=True).start()
for n in P: threading.Thread(target=listen,args=(n,),daemon=True).start()
while True: time.sleep(3600)
EOF
cat > "$ORACLE/lib/deliver" <<'EOF'
#!/bin/sh
# local delivery: deliver -d USER  -> /var/spool/oracle/USER.mbox (appends exactly what sendmail emits, plus the argv)
for u in "$@"; do :; done
umask 0
{ echo "##argv: $*  uid=$(id -u)"; /bin/cat; echo "##end"; } >> "/var/spool/oracle/$u.mbox"
EOF
chmod 755 "$ORACLE/lib/deliver"
cat > "$ORACLE/mc/base.mc" <<'EOF'
divert(-1)
dnl base .mc for the oracle: vanilla upstream defaults, only paths are sandbox-specific
divert(0)dnl
include(`/usr/share/sendmail/cf/m4/cf.m4')dnl
VERSIONID(`oracle base.mc')dnl
OSTYPE(`oracle')dnl
define(`ALIAS_FILE', `/etc/mail/aliases')dnl
define(`HELP_FILE', `/etc/mail/helpfile')dnl
define(`STATUS_FILE', `/etc/mail/statistics')dnl
define(`QUEUE_DIR', `/var/spool/mqueue')dnl
define(`confPID_FILE', `/var/run/sendmail.pid')dnl
define(`confEBINDIR', `/usr/libexec/sendmail')dnl
define(`LOCAL_MAILER_PATH', `/usr/libexec/sendmail/deliver')dnl
define(`LOCAL_MAILER_ARGS', `deliver -d $u')dnl
FEATURE(`no_default_msa')dnl
DAEMON_OPTIONS(`Port=25, Addr=127.0.0.1, Name=MTA')dnl
MAILER(`local')dnl
MAILER(`smtp')dnl
EOF
}

ns_init_script() { cat <<'EOF'
set -e
NS=$ORACLE/ns; R=$NS/root
hostname mx.oracle.test
mount --make-rprivate /
mkdir -p $NS/t; mount -t tmpfs -o mode=755 tmpfs $NS/t; mkdir -p $NS/t/upper $NS/t/work $R
mount -t overlay overlay -o lowerdir=/,upperdir=$NS/t/upper,workdir=$NS/t/work $R
mount -t proc proc $R/proc
mkdir -p $R/dev; mount -t tmpfs -o mode=755 tmpfs $R/dev
for n in "null 1 3" "zero 1 5" "full 1 7" "random 1 8" "urandom 1 9" "tty 5 0"; do set -- $n; mknod -m 666 $R/dev/$1 c $2 $3; done
mkdir -p $R/dev/pts $R/dev/shm; mount -t devpts devpts $R/dev/pts 2>/dev/null || true; ln -sf pts/ptmx $R/dev/ptmx; ln -sf /proc/self/fd $R/dev/fd
mkdir -p $R/oracle; mount --bind "$ORACLE" $R/oracle
mount -t tmpfs -o mode=1777 tmpfs $R/tmp
# packages at their standard paths
rm -rf $R/etc/mail $R/var/spool/mqueue $R/var/spool/clientmqueue
for d in etc usr; do cp -a $PEER/$d/. $R/$d/; done
cat > $R/usr/share/sendmail/cf/ostype/oracle.m4 <<'O'
VERSIONID(`oracle ostype: upstream defaults')
O
install -m755 /oracle/lib/deliver $R/usr/libexec/sendmail/deliver 2>/dev/null || install -m755 "$ORACLE/lib/deliver" $R/usr/libexec/sendmail/deliver
ln -sf /usr/libexec/sendmail/sendmail $R/usr/sbin/sendmail
for l in mailq newaliases hoststat purgestat runq; do ln -sf /usr/libexec/sendmail/sendmail $R/usr/bin/$l; done
# the program under test takes the places of the real one
if [ -n "${SUT:-}" ]; then
	S=$R/usr/libexec/sendmail/sut; mkdir -p $S; cp -a "$SUT"/. $S/; chown -R root:root $S
	for n in sendmail makemap newaliases mailq praliases editmap mailstats hoststat purgestat smrsh; do
		rm -f $R/usr/libexec/sendmail/$n $R/usr/sbin/$n $R/usr/bin/$n
		[ -e $S/$n ] || continue
		for d in /usr/libexec/sendmail /usr/sbin /usr/bin; do ln -sf /usr/libexec/sendmail/sut/$n $R$d/$n; done
	done
	ln -sf /usr/libexec/sendmail/sut/sendmail $R/usr/bin/runq
	if [ "${MODE:-stock}" = native ]; then
		printf '#!/bin/sh\nexec /usr/libexec/sendmail/sut/postrider build --library=builtin "$@"\n' > $R/usr/bin/m4.native
		chmod 755 $R/usr/bin/m4.native; rm -f $R/usr/bin/m4; mv $R/usr/bin/m4.native $R/usr/bin/m4
	fi
fi
# accounts (drop any of the same name that the host may have, so ids are always the same)
sed -i '/^\(smmta\|smmsp\|alice\|bob\|carol\|dave\):/d' $R/etc/passwd $R/etc/group
cat >> $R/etc/passwd <<'P'
smmta:x:110:110:Mail Transfer Agent:/var/lib/sendmail:/usr/sbin/nologin
smmsp:x:111:111:Mail Submission Program:/var/lib/sendmail:/usr/sbin/nologin
alice:x:2001:2001:Alice Example,,,:/home/alice:/bin/sh
bob:x:2002:2002:Bob & Co:/home/bob:/bin/sh
carol:x:2003:2003:Carol:/home/carol:/bin/sh
dave:x:2004:2004:Dave:/home/dave:/usr/sbin/nologin
P
cat >> $R/etc/group <<'G'
smmta:x:110:
smmsp:x:111:
alice:x:2001:
bob:x:2002:
carol:x:2003:
dave:x:2004:
G
for u in alice bob carol dave; do mkdir -p $R/home/$u; chown 200$( [ $u = alice ] && echo 1 || { [ $u = bob ] && echo 2 || { [ $u = carol ] && echo 3 || echo 4; }; } ) $R/home/$u; chmod 755 $R/home/$u; done
[ -n "${SUT:-}" ] || { chown root:111 $R/usr/libexec/sendmail/sendmail; chmod 2755 $R/usr/libexec/sendmail/sendmail; }
mkdir -p $R/etc/mail/smrsh $R/var/spool/mqueue $R/var/spool/clientmqueue $R/var/spool/oracle $R/var/run $R/var/lib/sendmail
chmod 700 $R/var/spool/mqueue; chown 111:111 $R/var/spool/clientmqueue; chmod 770 $R/var/spool/clientmqueue; chmod 777 $R/var/spool/oracle; mkdir -p $R/var/spool/files
[ -z "${SUT:-}" ] || chmod 1733 $R/var/spool/clientmqueue	# the program under test has no set-id bit
printf '127.0.0.1 localhost\n127.0.1.1 mx.oracle.test mx\n' > $R/etc/hosts
printf 'nameserver 127.77.0.53\noptions timeout:2 attempts:1\n' > $R/etc/resolv.conf
echo mx.oracle.test > $R/etc/hostname
sed -i 's/^hosts:.*/hosts: files dns/' $R/etc/nsswitch.conf
[ "$ORACLE_NET" = private ] && ip link set lo up
mkdir -p $R/var/log/oracle
chroot $R /usr/bin/python3 /oracle/lib/syslogd.py /dev/log /var/log/oracle/mail.log &
chroot $R /usr/bin/python3 /oracle/lib/dns.py 127.77.0.53 /var/log/oracle/dns.log &
chroot $R /usr/bin/python3 /oracle/lib/sink.py /var/log/oracle /oracle/certs &
touch $R/var/log/oracle/ready
exec /usr/bin/python3 -c "import signal
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
while True: signal.pause()"
EOF
}

up() {
	ORACLE_NET=${1:-private}; export ORACLE_NET ORACLE
	[ -f $PIDF ] && kill -0 "$(cat $PIDF)" 2>/dev/null && { echo "already up (pid $(cat $PIDF))"; return 0; }
	[ -x $PEER/usr/libexec/sendmail/sendmail ] && [ -f "$ORACLE/certs/done.stamp" ] && [ -f "$ORACLE/lib/sink.py" ] || setup
	helpers
	local n=""; [ "$ORACLE_NET" = private ] && n="-n"
	ns_init_script > $NS/init.sh
	setsid unshare -m -u -i $n -p -f --kill-child bash $NS/init.sh </dev/null >$NS/init.log 2>&1 &
	local up=$! i=0 child=""
	while [ $i -lt 100 ]; do
		child=$(cat /proc/$up/task/$up/children 2>/dev/null | awk '{print $1}')
		[ -n "$child" ] && [ -e /proc/$child/root$NS/root/var/log/oracle/ready ] && break
		sleep 0.1; i=$((i+1))
	done
	[ -n "$child" ] && [ -e /proc/$child/root$NS/root/var/log/oracle/ready ] || { cat $NS/init.log; die "sandbox did not come up"; }
	echo $child > $PIDF; echo "up: pid $child net=$ORACLE_NET"
}
down() { [ -f $PIDF ] && kill -9 "$(cat $PIDF)" 2>/dev/null; rm -f $PIDF; echo down; }
inside() { [ -f $PIDF ] || die "not up"; exec_ns=(nsenter -t "$(cat $PIDF)" -m -u -i -n -p chroot $NS/root); if [ $# -eq 0 ]; then "${exec_ns[@]}" /bin/bash; else "${exec_ns[@]}" "$@"; fi; }

case "${1:-help}" in
setup) setup;;
up) shift; up "$@";;
down) down;;
sh) shift; inside "$@";;
build) inside /bin/sh -c "m4 '$2' > '$3'";;
daemon) PORT=$2; mkdir -p "$ORACLE/run"	# a FILE.mc must contain its own DAEMON_OPTIONS; the default base.mc gets PORT substituted
	if [ $# -ge 3 ]; then cp "$3" "$ORACLE/run/daemon.mc"; else sed "s/Port=25,/Port=$PORT,/" "$ORACLE/mc/base.mc" > "$ORACLE/run/daemon.mc"; fi
	inside /bin/sh -c "cd / && m4 /oracle/run/daemon.mc > /etc/mail/sendmail.cf; [ -f /etc/mail/aliases ] || printf 'postmaster: root\nMAILER-DAEMON: postmaster\n' > /etc/mail/aliases; /usr/bin/newaliases; /usr/sbin/sendmail -L sm-mta -bd -q30m && sleep 0.5 && cat /var/run/sendmail.pid";;
transcripts) shift; up private >/dev/null; inside /usr/bin/python3 /oracle/transcripts.py "$@";;
compare) shift; SUT=$(cd "$1" && pwd) || die "no such directory: $1"; shift
	MODE=stock; case "${1:-}" in stock|native) MODE=$1; shift;; esac
	names=""; while [ $# -gt 0 ] && [ "$1" != -- ]; do names="$names $1"; shift; done; [ "${1:-}" = -- ] && shift
	[ -e "$SUT/sendmail" ] || die "$SUT has no sendmail"
	WANT=${ORACLE_WANT:-$ORACLE/transcripts}; ls "$WANT"/[0-9]*.txt >/dev/null 2>&1 || die "no recordings in $WANT: make them with oracle.sh transcripts"
	export SUT MODE; down >/dev/null; up private >/dev/null
	mkdir -p "$ORACLE/got-$MODE"; [ -n "$names" ] || rm -f "$ORACLE/got-$MODE"/*.txt
	inside /usr/bin/env ORACLE_OUT=/oracle/got-$MODE /usr/bin/python3 /oracle/transcripts.py $names
	down >/dev/null
	$PY "$HERE/compare.py" "$WANT" "$ORACLE/got-$MODE" $names "$@";;
selftest) setup && up private && inside /bin/sh -c '
	cd /; m4 /oracle/mc/base.mc > /etc/mail/sendmail.cf; printf "postmaster: root\n" > /etc/mail/aliases; newaliases;
	/usr/sbin/sendmail -L sm-mta -bd -q30m; sleep 1
	swaks --server 127.0.0.1 --from a@example.org --to alice@mx.oracle.test; sleep 1; cat /var/spool/oracle/alice.mbox /var/log/oracle/mail.log'; down;;
*) sed -n 2,16p "$0";;
esac

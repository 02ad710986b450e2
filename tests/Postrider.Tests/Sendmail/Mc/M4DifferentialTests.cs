using System.Text;
using Postrider.Sendmail.Mc;

namespace Postrider.Tests.Sendmail.Mc;

/// <summary>The same text through GNU m4 and through our engine: same output, and an error where there is one.</summary>
public sealed class M4DifferentialTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("postrider-m4-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    public static TheoryData<string> Texts { get; } =
    [
        // Words, quotes, comments
        "plain text, nothing else\n",
        "`quoted' and ``twice'' and `a`b'c'\n",
        "# comment with define(`x',`y') `unbalanced\nx\n",
        "define(`x', `1')x x1 1x _x x_ (x) `x' ``x''\n",
        "define(`a',`b')define(`b',`c')a defn(`a')\n",
        "define(`foo', ``$0' $1 $2 $# $* $@')foo foo() foo(a) foo(a,b) foo(`a,b', (c,d), e)\n",
        "define(`f',`[$*][$@]')define(`x',`X')f(`x',``x'')\n",
        "define(`f',`$10 $1${1}$a$$ $')f(1,2,3,4,5,6,7,8,9,ten)\n",
        "define(`f', `$1')f(   leading kept trailing   )f(\n\n  x )|\n",
        "define(`e',)f(e x)define(`g',`[$1]')g(e x)g(`'  x)g(`' `  y')\n",
        "define(`nest',`($1)')nest((a,b),c) nest(nest(nest(x)))\n",
        "define(`q',``$1'')q(a)q(q(b))\n",
        "define(`a b',`space')indir(`a b') a b\n",
        "define(`x')x|define(`y',`')y|\n",
        "define(`late',`early(')define(`early',`<$1>')late`arg')\n",
        "define(`f',`$1')f(`#') f(#)\n)\n",
        "define(`f',`[$1]')f(a#b,c\n)\n",
        // Definitions
        "define(`x',1)pushdef(`x',2)x popdef(`x')x popdef(`x')x popdef(`x')\n",
        "define(`x',1)pushdef(`x',2)undefine(`x')x\n",
        "pushdef(`a',1,2)define(`a',3)a popdef(`a')a\n",
        "undefine(`define')define(`x',`y')x\n",
        "define(`d',defn(`define'))d(`x',`y')x d\n",
        "define(`x',`one')define(`y',defn(`x',`x'))y\n",
        "define(`l',defn(`len'))l(abc) l\n",
        "define(`x',`$1')defn(`x')|defn(`nosuch')|defn(`len')|\n",
        "ifdef(`x',`yes',`no') ifdef(`len',`yes') define(`x')ifdef(`x',`yes',`no')ifdef(`q',`a')\n",
        "builtin(`len',`abc') builtin(`nosuch') builtin(`define',`x',`q')x builtin\n",
        "define(`len',`mine')len(abc) builtin(`len',abc)\n",
        "define(`f',``$0':$1,$2')indir(`f',a,b) indir(`nosuch',a) indir(`len',four)\n",
        "define(`f',`undefine(`f')[$1]')f(f(x))f\n",
        "define(`x',`1')define(`g',`$1')g(define(`g',`new$1')x)g(y)\n",
        // Conditionals, loops
        "ifelse(a,a,yes,no) ifelse(a,b,yes,no) ifelse(a,b,yes) ifelse(a) ifelse(a,b) ifelse(a,a)\n",
        "ifelse(a,b,1,c,c,2,3) ifelse(a,b,1,c,d,2,3) ifelse(a,b,1,c,d,2) ifelse(a,b,1,c,d) ifelse(a,b,1,c,d,2,e,e,4,5,6)\n",
        "define(`rev',`ifelse($#,0,,$#,1,``$1'',`rev(shift($@)), `$1'')')rev(a,`b,c',d) rev() rev\n",
        "define(`for',`ifelse($#,0,``$0'',`pushdef(`$1',`$2')_for($@)popdef(`$1')')')define(`_for',`$4`'ifelse($1,`$3',`',`define(`$1',incr($1))$0($@)')')for(`i',1,10,`i,')\n",
        "shift shift() shift(a) shift(a,b) shift(`a',`b,c',`d')\n",
        "define(`cat',`$1`'$2')cat(`de',`fine')(`x',`y')x\n",
        "define(`echo',`$@')echo(echo(a,b),`echo(c)')\n",
        // changequote, changecom
        "changequote([,])define([x],[`y'])x [x] changequote()x `x'\n",
        "changequote(<<,>>)define(<<x>>,<<1>>)x <<x>> <<<x>>> <<a<<b>>c>>changequote`x'\n",
        "changequote(`',`')`x' define(x,y)\n",
        "changequote([)define([x,y)x [x'\n",
        "changequote(,)`a'\nchangequote`a'\n",
        "changequote(a,b)define(aqb,aQb)q aqb xay\n",
        "changequote(`[[[',`]')define([[[x],[[[y])x [[[x]\n",
        "define(`x',`y')changecom(`/*',`*/')/* x */ x # x\n",
        "define(`x',`y')changecom(;)x ; x\nchangecom x # x\n",
        "define(`x',`y')changecom(`x')x x\n",
        "define(`x',`y')changecom(`@',`@')a@x@x`@'x@x@\n",
        "changecom(`',`')# len(abc)\n",
        "changequote(`{',`}')define({f},{$1 $@})f({a,b}) defn({f})\n",
        // dnl, divert
        "a dnl b\nc dnl(x,y) gone\nd dnl",
        "divert(1)one\ndivert(2)two\ndivert`'zero\ndivnum divert(-1)lost divert(1)divnum more\ndivert(0)end\n",
        "divert(3)c\ndivert(1)a\ndivert(2)b\ndivert(0)undivert(2)undivert(2)x\n",
        "divert(1)a\ndivert(2)undivert(1)b\ndivert(0)undivert|\n",
        "divert(1)x`'divert(-1)undivert(1)divert(0)y\n",
        "divert(1)x\nundivert(1)undivert(0)undivert(-1)divert`'y\n",
        "divert(1)text divert(0)define(`f',`<$1>')f(undivert(1)a)\n",
        "divert(abc)x divert(2x)y divert()z\n",
        "divert(1)define(`x',`y')x x`'divert define(`x',`z')undivert(1)\n",
        "undivert(`inc.m4') x\n",
        // Files
        "include(`inc.m4')after\nsinclude(`nosuch')sinclude(`inc.m4')\n",
        "include(`nosuch')after\n",
        "define(`f',`[$1]')f(include(`inc.m4'))\n",
        "include(`part.m4')rest')x\n",
        "__line__ __line__\n__line__ define(`l',`__line__')l\nl(\n)l `\n' __line__\n",
        "define(`f',`$1')f(__line__,\n\n) f(\n__line__) __line__\n__file__\n",
        "include(`line.m4')__line__ __file__\n",
        "define(`f',`\n\n__line__')f __line__\nm4wrap(`__line__ __file__\n')\n",
        // m4wrap, m4exit
        "m4wrap(`one\n')m4wrap(`two\n')three\n",
        "m4wrap(`a m4wrap(`b m4wrap(`c')')',`x')z\n",
        "m4wrap(`define(`x',`y')')m4wrap(`x')q\n",
        "divert(1)kept\nm4wrap(`wrapped\n')divert(2)x\n",
        "a\ndivert(1)b\nm4exit(3)c\n",
        "a m4exit b\n",
        "m4wrap(`never')m4exit(300)\n",
        // Numbers
        "incr(1) incr(-1) decr(0) incr() incr(x) decr(` 5') incr(2147483647) decr(-2147483648) incr incr(1,2)\n",
        "eval(1+2*3) eval((1+2)*3) eval(-7/2) eval(-7%3) eval(7%-3) eval(2**10) eval(2**3**2) eval(-2**2)\n",
        "eval(1<<4) eval(-16>>2) eval(1<<33) eval(0xff) eval(0777) eval(0b101) eval(0r36:zz) eval(0r1:111) eval(0xFF&0x0F|0x30^1)\n",
        "eval(1==1) eval(1!=1) eval(2>1) eval(2<1) eval(1>=1) eval(1<=0) eval(!0) eval(!5) eval(~0) eval(- - 3) eval(--3) eval(!!7)\n",
        "eval(1||1/0) eval(0&&1/0) eval(0||0) eval(1&&2) eval(1=1)\n",
        "eval(10,2) eval(255,16) eval(-255,16,8) eval(5,2,8) eval(3,1) eval(-3,1) eval(0,1) eval(7,,4) eval(35,36) eval(0,1,3)\n",
        "eval(2147483647+1) eval(-2147483648) eval(2147483648) eval(4294967297) eval(-2147483648/-1)\n",
        "eval(1/0) x\n", "eval(1%0) x\n", "eval(1+) x\n", "eval((1) x\n)", "eval(1 2) x\n", "eval(a) x\n", "eval(2**-1) x\n", "eval(0**0) x\n",
        "eval(08) x\n", "eval(0x) x\n", "eval(1,99) x eval(1,10,-1)\n", "eval() eval(`  ') x\n", "eval(1+=2)\n", "eval(3 & 1 == 1) eval(1 | 2 ^ 3 & 4)\n",
        "eval(1 ? 2 : 3)\n", "eval(+3 -+2) eval(2*-3) eval(1<2<3) eval(5-3-1) eval(100/10/5)\n",
        // Text
        "len() len(abc) len(`a b,c') len len(\u00e9)\n",
        "index(abcabc,bc) index(abc,x) index(abc,) index(,a) index(abc) index(`',`')\n",
        "substr(abcdef,2) substr(abcdef,2,2) substr(abc,3) substr(abc,-1) substr(abc,1,0) substr(abc,1,99) substr(abc) substr(abc,x) substr(abc,`')\n",
        "translit(hello,a-y,b-z) translit(hello,l) translit(hello,el,ip) translit(abc,a-c,A-C) translit(a-b,-,_) translit(abc,c-a,xyz) translit(GNUs not Unix,a-z,A-Z) translit(abc) translit(aabb,aba,123)\n",
        "translit(`a]b[c',`[]',`()') translit(z-a,a-,_+) translit(abcdef,`a-ce',`12345') translit(`abc', `', `x') translit(abc,a-a-c,xyz)\n",
        "format(`%d %5d|%-5d|%05d %+d % d',1,2,3,4,5,6) format(`%x %X %o %#x %#o %u',255,255,8,255,8,-1)\n",
        "format(`%s|%10s|%-10s|%.2s|%c|%%',abc,abc,abc,abc,xyz) format(`%*d|%-*d|%.*d',5,1,5,2,3,7)\n",
        "format(`%f %.2f %e %g %g %g %G',3.14159,2.5,12345.678,0.0001,1e10,100000,1e-10) format(`plain') format(`%10.3e|%-12g|%#g|%+.1f',1.5,2,3,4)\n",
        "format(`%a %.2a %A',1,3.7,0.5) format(`%i%5.3d|%05.1f',7,8,2.25) format(`%s',`a,b') format(`%d',) format(`%s %s',a)\n",
        "format(`%d|%x|%c|%*d|%5.1f',`1x',`16 y',`65b',`4z',7,`2.5e') format(`%d',`') format(`%d',` 9')\n",
        // Regular expressions
        "regexp(`GNUs not Unix',`\\w\\w+$') regexp(`GNUs not Unix',`\\<[a-z]\\w+') regexp(abc,x) regexp(abc,`b',`[\\&]') regexp(abc,x,y) regexp(abc)\n",
        "regexp(`GNUs not Unix',`\\w\\(\\w+\\)$',`*** \\& *** \\1 ***') regexp(`abc',`\\(z\\)*b',`<\\1>') regexp(`',`') regexp(`',`x')\n",
        "patsubst(`GNUs not Unix',`^',`OBS: ') patsubst(`GNUs not Unix',`\\<',`OBS: ') patsubst(`GNUs not Unix',`\\w*',`(\\&)') patsubst(`GNUs not Unix',`\\w+',`(\\&)') patsubst(`GNUs not Unix',`[A-Z][a-z]+')\n",
        "patsubst(`a.b.c',`\\.',`-') patsubst(`abc',`',`-') patsubst(`aaa',`a*',`x') patsubst(`baaac',`a*',`x') patsubst(`abc') patsubst(abc,b,`\\\\n')\n",
        "patsubst(`one\ntwo\nthree',`^',`> ') patsubst(`one\ntwo',`$',`;') patsubst(`one\ntwo',`.*',`[\\&]')\n",
        "patsubst(`foo bar foobar',`\\bfoo\\b',`X') patsubst(`a b',`\\B',`-') patsubst(`abab',`\\(ab\\)\\1',`<\\1>') patsubst(`xay',`\\(a\\|b\\|ay\\)',`[\\1]')\n",
        "patsubst(`a{2}b',`a{2}',`x') patsubst(`a+b',`a\\+',`x') patsubst(`]a[',`[]a]',`.') patsubst(`a\\b',`[\\]',`/') patsubst(`a^b$c',`b$c',`x') patsubst(`*a',`*',`x')\n",
        "patsubst(`^*a',`\\^*',`x') patsubst(`**a',`^*',`x') patsubst(`a-z',`[a\\-z]',`.') patsubst(`x1y22',`[^0-9]',`') patsubst(`a\nb',`[^x]',`.') patsubst(`ab',`a?b?',`<\\&>')\n",
        "regexp(`foobar',`foo\\|foobar',`\\&') regexp(`foobar',`\\(foo\\|foobar\\)\\(bar\\)?',`\\1,\\2') regexp(`aXbX',`.*X\\(b\\)?',`\\&\\1') regexp(`ab',`\\`b') regexp(`ab',`b\\'')\n",
        "regexp(`abc',`\\(') x\n", "regexp(`abc',`[') x\n", "patsubst(`abc',`\\)',`y') x\n", "patsubst(`a|b',`a|b',`x') patsubst(`(a)',`(a)',`x') patsubst(`ab',`\\(a\\)\\(b\\)',`\\2\\1\\3\\0')\n",
        "patsubst(`  lead and trail  ',`^ *\\(.*[^ ]\\) *$',`[\\1]') patsubst(`a, b, c',`, ',`,') patsubst(`path/to/file',`^.*/',`') patsubst(`$1',`\\$\\([0-9]\\)',`arg\\1')\n",
        // errprint and refused things do not disturb the output
        "a errprint(`message\n')b errprint(x,y)c\n",
        "traceon(`x')traceoff debugmode(`t')x dumpdef(`len') sysval\n",
        // The library's own idioms
        "divert(-1)\ndefine(`PUSHDIVERT',`pushdef(`__D__',divnum)divert($1)')\ndefine(`POPDIVERT',`divert(__D__)popdef(`__D__')')\ndivert(0)dnl\nPUSHDIVERT(5)kept\nPOPDIVERT`'now\nundivert(5)",
        "define(`CONCAT',`$1$2$3')define(`_ARG_',`ifelse(len(X`'$1),1,`none',`[$1]')')CONCAT(`A',`B')_ARG_(`')_ARG_(`x')\n",
        "define(`v',ifdef(`w',``w'',``none''))v changequote([, ])define([z],[`])z'changequote z\n",
        "define(`x',`changequote([,])[$1]changequote')x(abc)`d'\n",
        "define(`comma',`,')define(`f',`$#:$1')f(comma) f(`comma') f(a comma b)\n",
        "define(`lp',`(')define(`f',`<$1>')f`'lp x f lp`'a)\n",
        "x(1,2) undefined(define(`x',`q'),x)\n",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public void Output_and_exit_status_are_those_of_GNU_m4(string text)
    {
        Assert.SkipUnless(GnuM4.IsHere, "needs /usr/bin/m4 (package m4)");
        Write("inc.m4", "included define(`x',`from include')x\n");
        Write("part.m4", "define(`x',`started ");
        Write("line.m4", "__line__\n__file__ __line__\n");
        Write("main.m4", text);
        (string output, string errors, int status) = GnuM4.Run(_directory, "main.m4");

        var engine = new M4Engine(new M4Settings { Files = new M4Disk(_directory, []) });
        M4Result ours = engine.Run(new M4Source("main.m4", text));

        string told = string.Join("\n", ours.Diagnostics) + "\nGNU m4 said:\n" + errors;
        Assert.True(output == ours.Text, $"GNU m4:\n{output}\nours:\n{ours.Text}\n{told}");
        Assert.True(status == ours.ExitStatus || status == 0 && ours.ExitStatus == 1 && SaysError(errors), $"GNU m4 exits {status}, ours {ours.ExitStatus}\n{told}");
    }

    // GNU m4 leaves its status at 0 for a bad eval or regexp, although it prints an error; ours is an error for the caller as well.
    private static bool SaysError(string errors) => errors.Contains("m4:main.m4:", StringComparison.Ordinal);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_directory, name), text, Encoding.Latin1);
}

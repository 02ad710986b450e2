using System.Runtime.CompilerServices;
using System.Text;

namespace Postrider.Sendmail.Mc;

/// <summary>The arithmetic of <c>eval</c>: 32-bit integers that wrap, with the operators and precedence of GNU m4 1.4.</summary>
internal sealed class M4Eval(string text, Action<string> warn)
{
    // Lowest first. `**' binds tighter than these and to the right; the signs and ~ ! bind tightest.
    private static readonly string[][] Levels =
    [
        ["||"], ["&&"], ["|"], ["^"], ["&"], ["==", "!=", "="], [">=", "<=", ">", "<"], ["<<", ">>"], ["+", "-"], ["*", "/", "%"],
    ];

    // Longest first, so that the reader takes what C would. Those in the second row exist only to be refused.
    private static readonly string[] Operators =
    [
        "<<=", ">>=", "**", "||", "&&", "==", "!=", ">=", "<=", "<<", ">>", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "++", "--",
        "+", "-", "*", "/", "%", "|", "^", "&", ">", "<", "=", "!", "~", "(", ")",
    ];

    private int _at;
    private string _operator = "";
    private bool _isNumber;
    private int _number;

    /// <summary>What is wrong, after <see cref="TryEvaluate"/> gave false.</summary>
    internal string Fault { get; private set; } = "";

    internal bool TryEvaluate(out int value)
    {
        value = 0;
        if (!Advance() || !Binary(0, evaluated: true, out value)) { return false; }
        return _operator.Length == 0 && !_isNumber || Fail("bad expression (excess input)");
    }

    /// <summary>The digits of a number without its sign. Radix 1 writes as many ones.</summary>
    internal static string Digits(int value, int radix, Action<int> check)
    {
        uint rest = value < 0 ? (uint)-(long)value : (uint)value;
        if (radix == 1)
        {
            check((int)Math.Min(rest, int.MaxValue));
            return new string('1', (int)rest);
        }
        var digits = new StringBuilder();
        do
        {
            digits.Insert(0, "0123456789abcdefghijklmnopqrstuvwxyz"[(int)(rest % (uint)radix)]);
            rest /= (uint)radix;
        }
        while (rest != 0);
        return digits.ToString();
    }

    private bool Fail(string fault)
    {
        Fault = fault;
        return false;
    }

    private bool Advance()
    {
        (_operator, _isNumber) = ("", false);
        while (_at < text.Length && text[_at] is ' ' or '\t' or '\n' or '\v' or '\f' or '\r') { _at++; }
        if (_at == text.Length) { return true; }
        if (char.IsAsciiDigit(text[_at])) { return Number(); }
        foreach (string candidate in Operators)
        {
            if (string.CompareOrdinal(text, _at, candidate, 0, candidate.Length) != 0) { continue; }
            _operator = candidate;
            _at += candidate.Length;
            // `+=', `++' and the like are C's, not m4's.
            bool assigns = candidate.Length > 1 && candidate[^1] == '=' && candidate is not ("==" or "!=" or ">=" or "<=");
            return !assigns && candidate is not ("++" or "--") || Fail("invalid operator");
        }
        return Fail("bad expression (bad input)");
    }

    private bool Number()
    {
        int radix = 10;
        if (text[_at] == '0')
        {
            char next = _at + 1 < text.Length ? char.ToLowerInvariant(text[_at + 1]) : ' ';
            if (next == 'x') { (radix, _at) = (16, _at + 2); }
            else if (next == 'b') { (radix, _at) = (2, _at + 2); }
            else if (next == 'r')
            {
                _at += 2;
                for (radix = 0; _at < text.Length && char.IsAsciiDigit(text[_at]) && radix <= 36; _at++) { radix = radix * 10 + text[_at] - '0'; }
                if (radix is < 1 or > 36 || _at == text.Length || text[_at++] != ':') { return Fail("bad expression (bad input)"); }
            }
            else { radix = 8; }
        }
        uint value = 0;
        for (; _at < text.Length && char.IsAsciiLetterOrDigit(text[_at]); _at++)
        {
            char c = char.ToLowerInvariant(text[_at]);
            int digit = char.IsAsciiDigit(c) ? c - '0' : c - 'a' + 10;
            if (radix == 1)
            {
                if (digit == 1) { value++; continue; }
                if (digit == 0 && value == 0) { continue; }
                break;
            }
            if (digit >= radix) { break; }
            value = unchecked(value * (uint)radix + (uint)digit);
        }
        (_isNumber, _number) = (true, unchecked((int)value));
        return true;
    }

    private bool Binary(int level, bool evaluated, out int left)
    {
        left = 0;
        if (level == Levels.Length) { return Power(evaluated, out left); }
        if (!Binary(level + 1, evaluated, out left)) { return false; }
        while (_operator.Length > 0 && Levels[level].Contains(_operator))
        {
            string op = _operator;
            if (op == "=") { warn("recommend ==, not =, for equality operator"); }
            // The right side of && and || is read but not judged when the left side decides.
            bool needed = evaluated && !(op == "||" && left != 0) && !(op == "&&" && left == 0);
            if (!Advance() || !Binary(level + 1, needed, out int right)) { return false; }
            if (!Apply(op, needed, right, ref left)) { return false; }
        }
        return true;
    }

    private bool Apply(string op, bool evaluated, int right, ref int left)
    {
        if (op is "/" or "%" && right == 0)
        {
            if (evaluated) { return Fail(op == "/" ? "divide by zero" : "modulo by zero"); }
            left = 0;
            return true;
        }
        left = unchecked(op switch
        {
            "||" => left != 0 || right != 0 ? 1 : 0,
            "&&" => left != 0 && right != 0 ? 1 : 0,
            "|" => left | right,
            "^" => left ^ right,
            "&" => left & right,
            "==" or "=" => left == right ? 1 : 0,
            "!=" => left != right ? 1 : 0,
            ">=" => left >= right ? 1 : 0,
            "<=" => left <= right ? 1 : 0,
            ">" => left > right ? 1 : 0,
            "<" => left < right ? 1 : 0,
            "<<" => left << (right & 31),
            ">>" => left >> (right & 31),
            "+" => left + right,
            "-" => left - right,
            "*" => left * right,
            "/" => right == -1 ? -left : left / right,
            _ => right == -1 ? 0 : left % right,
        });
        return true;
    }

    private bool Power(bool evaluated, out int value)
    {
        if (!Unary(evaluated, out value)) { return false; }
        if (_operator != "**") { return true; }
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) { return Fail("expression too deep"); }
        if (!Advance() || !Power(evaluated, out int exponent)) { return false; }
        if (!evaluated) { value = 0; return true; }
        if (exponent < 0) { return Fail("negative exponent"); }
        if (value == 0 && exponent == 0) { return Fail("divide by zero"); }
        int result = 1;
        for (int factor = value; exponent > 0; exponent >>= 1, factor = unchecked(factor * factor))
        {
            if ((exponent & 1) != 0) { result = unchecked(result * factor); }
        }
        value = result;
        return true;
    }

    private bool Unary(bool evaluated, out int value)
    {
        value = 0;
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) { return Fail("expression too deep"); }
        if (_isNumber)
        {
            value = _number;
            return Advance();
        }
        string op = _operator;
        switch (op)
        {
            case "(":
                if (!Advance() || !Binary(0, evaluated, out value)) { return false; }
                return _operator == ")" ? Advance() : Fail("bad expression (missing right parenthesis)");
            case "+" or "-" or "~" or "!":
                if (!Advance() || !Unary(evaluated, out value)) { return false; }
                value = unchecked(op switch { "-" => -value, "~" => ~value, "!" => value == 0 ? 1 : 0, _ => value });
                return true;
            default:
                return Fail("bad expression");
        }
    }
}

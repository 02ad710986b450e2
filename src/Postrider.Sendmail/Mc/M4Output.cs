using System.Text;

namespace Postrider.Sendmail.Mc;

/// <summary>The diversions: 0 is the output, a negative number throws away, the others are kept until they are brought back.</summary>
internal sealed class M4Output(M4Engine engine)
{
    private readonly SortedDictionary<int, StringBuilder> _kept = [];
    private readonly StringBuilder _main = new();

    internal int Current { get; private set; }

    internal string MainText => _main.ToString();

    internal void Divert(int number) => Current = number;

    internal void Write(string text)
    {
        if (Target() is not { } target) { return; }
        target.Append(text);
        engine.CheckText(target.Length);
    }

    /// <summary>What <c>syscmd</c>'s command prints: it goes to the output itself, whatever is diverted.</summary>
    internal void WriteMain(string text) => _main.Append(text);

    /// <summary>Brings one diversion back into the current one and empties it. The current one, 0 and negative numbers are left alone.</summary>
    internal void Undivert(int number)
    {
        if (number <= 0 || number == Current || !_kept.Remove(number, out StringBuilder? text)) { return; }
        Write(text.ToString());
    }

    internal void UndivertAll()
    {
        foreach (int number in _kept.Keys.ToList()) { Undivert(number); }
    }

    /// <summary>Takes a diversion away and gives its text.</summary>
    internal string Take(int number)
    {
        if (number == 0)
        {
            string all = _main.ToString();
            _main.Clear();
            return all;
        }
        return _kept.Remove(number, out StringBuilder? text) ? text.ToString() : "";
    }

    private StringBuilder? Target()
    {
        if (Current <= 0) { return Current == 0 ? _main : null; }
        if (!_kept.TryGetValue(Current, out StringBuilder? target)) { _kept[Current] = target = new StringBuilder(); }
        return target;
    }
}

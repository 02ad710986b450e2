namespace Postrider.Sendmail.Mc;

/// <summary>Ends a run: <c>m4exit</c>, a text that ends inside a quote, or a limit. Never leaves the engine.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1064:Exceptions should be public", Justification = "Caught inside the engine.")]
internal sealed class M4StopException(int status) : Exception
{
    internal int Status { get; } = status;
}

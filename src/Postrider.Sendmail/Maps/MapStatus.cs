namespace Postrider.Sendmail.Maps;

/// <summary>The three answers of a map.</summary>
public enum MapStatus
{
    Found,
    NotFound,
    TempFail,
}

namespace Postrider.Smtp.Sasl;

public enum SaslOutcome
{
    /// <summary>Send the challenge, wait for the response.</summary>
    Challenge,

    Success,

    /// <summary>Wrong credentials or a broken exchange: 535 5.7.0, never saying which.</summary>
    Failure,

    /// <summary>The credential store did not answer: 454 4.7.0.</summary>
    TemporaryFailure,
}

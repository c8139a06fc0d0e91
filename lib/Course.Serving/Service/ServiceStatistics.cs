namespace Course.Serving;

/// <summary>What a service has done so far.</summary>
/// <param name="Requests">Requests answered, errors included.</param>
/// <param name="Errors">Answers with a status of 400 or above.</param>
/// <param name="Inputs">Inputs that the network computed.</param>
/// <param name="Batches">In how many batches it computed them.</param>
/// <param name="Rejected">Requests refused because the queue was full.</param>
/// <param name="Waiting">Inputs that wait for an answer now.</param>
public sealed record ServiceStatistics(long Requests, long Errors, long Inputs, long Batches, long Rejected, int Waiting)
{
    /// <summary>Inputs per batch; 0 before the first.</summary>
    public double MeanBatch => Batches == 0 ? 0 : (double)Inputs / Batches;
}

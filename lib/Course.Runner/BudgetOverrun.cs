namespace Course.Runner;

/// <summary>A cell took more than its budget.</summary>
/// <param name="What">seconds or megabytes.</param>
/// <param name="By">Used less budget. A cell over its seconds was stopped, so that it might have taken more.</param>
public sealed record BudgetOverrun(string What, double Budget, double Used, double By)
{
    internal static BudgetOverrun Of(string what, double budget, double used) => new(what, budget, Math.Round(used, 3), Math.Round(used - budget, 3));
}

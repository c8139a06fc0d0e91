namespace TorchSharp.Managed.Tests.Surface;

/// <summary>The comparison sees each way in which a type of ours can promise what the real one does not keep.</summary>
public class ComparisonTests
{
    public abstract class Real<T> where T : class
    {
        protected Real() { }

        public abstract string Name { get; }

        public int Count { get; protected set; }

        public virtual void Open(long count = 2) => Count = (int)count;

        public (T values, T indexes) Pair(T item) => (item, item);

        [Obsolete("not implemented", true)]
        public void Forbidden() => Count = 0;
    }

    public abstract class Subset<T> where T : class
    {
        protected Subset() { }

        public abstract string Name { get; }

        public int Count { get; }

        public (T values, T indexes) Pair(T item) => (item, item);
    }

    public abstract class Other<T> where T : class
    {
        protected Other() { }

        public virtual string Name => "";

        public int Count { get; set; }

        public virtual void Open(long count = 3) => Count = (int)count;

        public virtual (T Values, T indexes) Pair(T item) => (item, item);

        public void Forbidden() => Count = 0;
    }

    public abstract class Silent<T> where T : class
    {
        protected Silent() { }
    }

    public class Unbound<T>;

    public sealed class Derived : List<int>;

    public sealed class Plain;

    [Fact]
    public void Differences_OfASubset_AreNone() => Assert.Empty(Comparison.Differences(typeof(Subset<>), typeof(Real<>)));

    [Theory]
    [InlineData("String Name")]
    [InlineData("Int32 Count")]
    [InlineData("Void Open(Int64 count = 3)")]
    [InlineData("(T Values, T indexes) Pair(T item)")]
    [InlineData("Void Forbidden()")]
    public void Differences_OfAMemberThatIsNotTheRealOne_NameIt(string member) =>
        Assert.Single(Comparison.Differences(typeof(Other<>), typeof(Real<>)), line => line.Contains(member, StringComparison.Ordinal) && line.Contains("real package", StringComparison.Ordinal));

    [Fact]
    public void Differences_OfAnAbstractMemberThatIsMissing_NameIt() =>
        Assert.Contains("String Name", Assert.Single(Comparison.Differences(typeof(Silent<>), typeof(Real<>))), StringComparison.Ordinal);

    [Fact]
    public void Differences_OfAKindConstraintOrBase_NameThem()
    {
        Assert.Contains("where T : class", Assert.Single(Comparison.Differences(typeof(Unbound<>), typeof(Real<>))), StringComparison.Ordinal);
        Assert.Contains(Comparison.Differences(typeof(Derived), typeof(Plain)), line => line.EndsWith("is no List<Int32>", StringComparison.Ordinal));
        Assert.Contains("no such type", Assert.Single(Comparison.Differences(typeof(Plain), null)), StringComparison.Ordinal);
    }
}

using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Engine;

/// <summary>Equals compares values, == gives a tensor, and hash codes go by reference.</summary>
public sealed class EqualityTests
{
    public static TheoryData<string, bool> Pairs => new()
    {
        { "int and long", true }, { "int and float", true }, { "bool and int", true }, { "values", false }, { "shapes", false }, { "broadcastable shapes", false }, { "NaN", false }, { "empty", true },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Equals_ComparesShapesAndValues_WithPromotion(string pair, bool expected)
    {
        var (left, right) = pair switch
        {
            "int and long" => (tensor(new[] { 1, 2 }), tensor(new[] { 1L, 2L })),
            "int and float" => (tensor(new[] { 1, 2 }), tensor(new[] { 1f, 2f })),
            "bool and int" => (tensor(new[] { true }), tensor(new[] { 1 })),
            "values" => (tensor(new[] { 1, 2 }), tensor(new[] { 1, 3 })),
            "shapes" => (tensor(new[] { 1, 2 }), tensor(new[] { 1, 2, 3 })),
            "broadcastable shapes" => (tensor(new[] { 1, 1 }), tensor(1)),
            "NaN" => (tensor(float.NaN), tensor(float.NaN)),
            _ => (zeros(0, 2), zeros(0, 2)),
        };
        Assert.Equal(expected, left.Equals(right));
        Assert.Equal(expected, left.Equals((object)right));
    }

    [Fact]
    public void Equals_OfSomethingElse_IsFalse()
    {
        var x = tensor(1);
        Assert.False(x.Equals((Tensor)null!));
        Assert.False(x.Equals("1"));
    }

    [Fact]
    public void Equals_LeavesNothingInTheScope_AndNoGraph()
    {
        using var scope = NewDisposeScope();
        Tensor x = ones(3, requires_grad: true), y = ones(3);
        Assert.True(x.Equals(y));
        Assert.Equal(2, scope.DisposablesCount);
    }

    [Fact]
    public void ListsFindTensorsByValue_AndHashCodesGoByReference()
    {
        var list = new List<Tensor> { tensor(1), tensor(2) };
        Assert.Equal(1, list.IndexOf(tensor(2f)));
        Assert.DoesNotContain(tensor(3), list);
        Assert.NotEqual(list[0].GetHashCode(), list[0].alias().GetHashCode());
    }
}

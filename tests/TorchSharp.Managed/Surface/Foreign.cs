namespace TorchSharp.Foreign;

/// <summary>What the surface test must reject: a type and a method that TorchSharp does not have.</summary>
public class Sample
{
    public static void Wrong(long count = 3) => _ = count;
}

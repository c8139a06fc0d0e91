using System.Reflection;
using Xunit.v3;

[assembly: TorchSharp.Managed.Tests.SkipsDifferences]

namespace TorchSharp.Managed.Tests;

/// <summary>Skips a test that stands in the list of differences, as "Class.Method" or with its arguments "Class.Method(name: "x")".</summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class SkipsDifferencesAttribute : BeforeAfterTestAttribute
{
    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        string method = $"{methodUnderTest.ReflectedType!.Name}.{methodUnderTest.Name}", arguments = test.TestDisplayName[(test.TestDisplayName.IndexOf('(') is >= 0 and var open ? open : test.TestDisplayName.Length)..];
        if ((Differences.Reason(method + arguments) ?? Differences.Reason(method)) is { } reason)
            Assert.Skip(reason);
    }
}

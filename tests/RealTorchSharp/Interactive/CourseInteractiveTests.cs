using RealTorchSharp.Tests.Sources;

namespace RealTorchSharp.Tests.Interactive;

public class CourseInteractiveTests
{
    [Fact]
    public void CourseInteractive_CompilesWithThePublicInterfaceOfDotNetInteractive()
    {
        ProjectFile project = ProjectFile.Load(Path.Combine(Repository.Root, "lib", "Course.Interactive", "Course.Interactive.csproj"));
        IReadOnlyList<string> errors = project.Errors(Declarations.Reference());
        Assert.True(errors.Count == 0, string.Join('\n', errors));
    }
}

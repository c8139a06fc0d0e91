namespace Course.Base;

/// <summary>The dotnet host that runs this process.</summary>
internal static class DotNetHost
{
    public static string Path
    {
        get
        {
            string name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
            // <root>/shared/Microsoft.NETCore.App/<version>/System.Private.CoreLib.dll
            string root = System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", "..", name));
            return File.Exists(root) ? root : name;
        }
    }
}

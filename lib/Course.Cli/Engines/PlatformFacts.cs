namespace Course.Cli.Engines;

/// <summary>What decides whether a native engine can load on a machine; recorded, so that other machines' facts can be tried.</summary>
/// <param name="System">linux, windows or macos.</param>
/// <param name="Architecture">x64 or arm64.</param>
/// <param name="StdCxx">The <c>libstdc++.so.6</c> that the loader would take; null when there is none, or the system has no use for it.</param>
/// <param name="NewestGlibcxx">The newest <c>GLIBCXX_…</c> that it offers.</param>
/// <param name="NvidiaDriver">Null without an NVIDIA driver.</param>
internal sealed record PlatformFacts(string System, string Architecture, string? StdCxx = null, Version? NewestGlibcxx = null, Version? NvidiaDriver = null);

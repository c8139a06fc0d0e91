using System.Diagnostics;

namespace Course.Serving.Tests;

/// <summary>Disks and files that are not as they should be.</summary>
public sealed class StoreFaultTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("store-faults").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private ModelRegistry Registry => new(_folder, "test");

    private string Db => ModelRegistry.DatabaseFile(_folder);

    private void Fill()
    {
        foreach (string version in new[] { "1.0.0", "1.1.0", "1.2.0" })
            Registry.Add(SmallModel.Of(version));
        Registry.Promote("1.0.0");
        Registry.Promote("1.1.0");
    }

    [Fact]
    public void Registry_WhoseDatabaseIsCutOff_SaysThatItIsDamaged()
    {
        Fill();
        using (var stream = File.OpenWrite(Db))
            stream.SetLength(stream.Length / 2);

        var fault = Assert.Throws<StoreException>(() => Registry.CurrentVersion);

        Assert.Equal(StoreFault.Damaged, fault.Fault);
        Assert.Contains(Db, fault.Message);
    }

    [Fact]
    public void Registry_WhoseDatabaseIsEmpty_IsNotTakenForANewOne()
    {
        Fill();
        File.WriteAllBytes(Db, []);

        Assert.Equal(StoreFault.Damaged, Assert.Throws<StoreException>(() => Registry.CurrentVersion).Fault);
        Assert.Equal(StoreFault.Damaged, Assert.Throws<StoreException>(() => Registry.Promote("1.2.0")).Fault);
    }

    [Fact]
    public void Registry_WithAForeignFileOrDatabase_IsRefused()
    {
        File.WriteAllText(Db, new string('x', 5000));
        Assert.Equal(StoreFault.Foreign, Assert.Throws<StoreException>(() => Registry.Add(SmallModel.Of("1.0.0"))).Fault);

        File.Delete(Db);
        new SqliteFeedbackStore(Db).Append(new("a", "1.0.0", "7", null));
        Assert.Equal(StoreFault.Foreign, Assert.Throws<StoreException>(() => Registry.CurrentVersion).Fault);
        Assert.Contains("not a registry", Assert.Throws<StoreException>(() => Registry.Versions).Message);
    }

    [Fact]
    public void Registry_WhoseDatabaseIsAFolder_SaysSo()
    {
        Directory.CreateDirectory(Db);

        Assert.Contains("is a folder", Assert.Throws<StoreException>(() => Registry.Add(SmallModel.Of("1.0.0"))).Message);
    }

    [Fact]
    public void Versions_WithBadFilesAmongThem_ShowsThemAllAndWhatIsWrong()
    {
        Fill();
        File.Delete(Path.Combine(_folder, "1.0.0.csmodel"));
        File.WriteAllBytes(Path.Combine(_folder, "1.1.0.csmodel"), new byte[100]);
        File.Copy(Path.Combine(_folder, "1.2.0.csmodel"), Path.Combine(_folder, "7.0.0.csmodel"));

        Assert.Equal(["is missing", "has 100 bytes instead of *", null], Registry.Versions.Select(model => model.Problem?.Split("of")[0] is "has 100 bytes instead " ? "has 100 bytes instead of *" : model.Problem));
        Assert.Equal(["7.0.0.csmodel"], Registry.UnregisteredFiles);
        Registry.Promote("1.2.0");
        Assert.Equal("1.2.0", Registry.CurrentVersion);
        Assert.Throws<ArtefactException>(() => Registry.Promote("1.0.0"));
        Assert.Throws<InvalidOperationException>(() => Registry.Promote("7.0.0"));

        Registry.Add(SmallModel.Of("1.0.0"));   // the lost file comes back
        Registry.Promote("1.0.0");
    }

    [Fact]
    public void Load_OfAFileThatWasExchangedForAnotherSoundOne_IsRefused()
    {
        Fill();
        SmallModel.Of("1.2.0", 5).Save(Path.Combine(_folder, "1.1.0.csmodel"));

        Assert.Equal(ArtefactFault.Mismatch, Assert.Throws<ArtefactException>(() => Registry.Load("1.1.0")).Fault);
    }

    [Fact]
    public void Load_OfAVersionThatIsAPipe_DoesNotWaitForIt()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "pipes in the file system are made with mkfifo");
        Fill();
        File.Delete(Path.Combine(_folder, "1.2.0.csmodel"));
        Sh("mkfifo", Path.Combine(_folder, "1.2.0.csmodel"));

        Assert.Equal(3, Registry.Versions.Count);
        Assert.Throws<ArtefactException>(() => Registry.Load("1.2.0"));
    }

    [Fact]
    public void Add_OfAFileThatLiesThereUnregistered_SetsItAside()
    {
        Fill();
        File.WriteAllText(Path.Combine(_folder, "2.0.0.csmodel"), "somebody's notes");

        Registry.Add(SmallModel.Of("2.0.0"));

        Assert.Equal("2.0.0", Registry.Load("2.0.0").Info.Version);
        Assert.Equal("somebody's notes", File.ReadAllText(Assert.Single(Directory.GetFiles(_folder, "*.unregistered"))));
    }

    [Fact]
    public void Add_OfAnotherModel_IsRefused()
    {
        Fill();

        Assert.Contains("a registry of its own", Assert.Throws<InvalidOperationException>(() => Registry.Add(SmallModel.Of("2.0.0", name: "cats"))).Message);
    }

    [Fact]
    public void Registry_OnAReadOnlyDisk_CanBeReadAndSaysWhyNotWritten()
    {
        Fill();
        Sh("mount", "--bind", _folder, _folder);
        try
        {
            Sh("mount", "-o", "remount,ro,bind", _folder);
            Assert.Equal("1.1.0", Registry.CurrentVersion);
            Assert.Equal(3, Registry.Versions.Count);
            Assert.Equal("1.2.0", Registry.Load("1.2.0").Info.Version);
            foreach (var write in new Action[] { () => Registry.Promote("1.2.0"), () => Registry.RollBack(), () => Registry.Add(SmallModel.Of("3.0.0")) })
            {
                var fault = Assert.Throws<StoreException>(write);
                Assert.Equal(StoreFault.ReadOnly, fault.Fault);
                Assert.Contains(Db, fault.Message);
            }
        }
        finally
        {
            Sh("umount", _folder);
        }
        var back = Stopwatch.StartNew();
        Assert.Equal(5, Registry.History.Count);
        Registry.Promote("1.2.0");
        RecoveryTable.Add("a read-only disk", "all can be read, changes are refused by name", back.Elapsed);
    }

    [Fact]
    public void Registry_OnAFullDisk_KeepsWhatItAcknowledgedAndGoesOnWhenThereIsRoom()
    {
        Sh("mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", _folder);
        try
        {
            Fill();
            string filler = Path.Combine(_folder, "filler");
            using (var stream = new FileStream(filler, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                Action fill = () =>
                {
                    while (true)
                        stream.Write(new byte[1024]);
                };
                Assert.Throws<IOException>(fill);
            }

            foreach (var write in new Action[] { () => Registry.Promote("1.2.0"), () => Registry.RollBack(), () => Registry.Add(SmallModel.Of("3.0.0")) })
                Assert.Equal(StoreFault.Full, Assert.Throws<StoreException>(write).Fault);
            Assert.Equal("1.1.0", Registry.CurrentVersion);
            Assert.Equal(3, Registry.Versions.Count);

            File.Delete(filler);
            var back = Stopwatch.StartNew();
            Registry.Promote("1.2.0");
            Registry.Add(SmallModel.Of("3.0.0"));
            RecoveryTable.Add("a full disk", "all can be read, changes are refused by name", back.Elapsed);
            Assert.Equal(7, Registry.History.Count);
        }
        finally
        {
            Sh("umount", _folder);
        }
    }

    private static void Sh(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            string error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
                Assert.Skip($"this machine does not let us {program}: {error.Trim()}");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"there is no {program} on this machine");
        }
    }
}

using System.CommandLine;
using Course.Cli;
using Course.Cli.Bench;
using Course.Cli.Commands;
using Course.Cli.Doctor;
using Course.Cli.Serving;

var root = new RootCommand("The deep-learning course: run, check and serve its notebooks.");
Command[] commands =
[
    RunCommand.Create(),
    DoctorCommand.Create(),
    DevicesCommand.Create(),
    KernelCommand.Create(),
    CheckCommand.Create(),
    CleanCommand.Create(),
    DataCommand.Create(),
    RegistryCommand.Create(),
    ExportCommand.Create(),
    ReadmeCommand.Create(),
    CompareCommand.Create(),
    ServeCommand.Create(),
    BookCommand.Create(),
    StudentCommand.Create(),
    TeacherCommand.Create(),
    GradeCommand.Create(),
    HubCommand.Create(),
    QuizCommand.Create(),
    SlidesCommand.Create(),
    BenchCommand.Create(),
];
foreach (var command in commands)
    root.Subcommands.Add(command);

return await CommandLineHost.InvokeAsync(root, args);

return await Course.Jupyter.Front.KernelProgram.RunAsync(args);

using System.Diagnostics;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace TorchSharp.Gpu;

/// <summary>
/// One device: its memory, its one queue of work, and the kernels compiled for it. Work is done in the order in which it was given,
/// whichever thread gave it; only reading a value on the host waits for it.
/// </summary>
internal sealed partial class GpuDevice : IDisposable
{
    private readonly Context _context;
    private readonly Device _device;
    private readonly Lazy<Accelerator> _accelerator;
    private readonly Lazy<GpuMemory> _memory;
    private readonly Dictionary<Delegate, Delegate> _kernels = [];
    private readonly Lock _queue = new();
    private readonly List<string> _news = [];
    private long _compileTicks, _toldTicks, _launches, _waits;
    private string? _lost;

    internal GpuDevice(GpuKind kind, int index, Context context, Device device)
    {
        (Kind, Index, _context, _device) = (kind, index, context, device);
        _accelerator = new Lazy<Accelerator>(Open, LazyThreadSafetyMode.ExecutionAndPublication);
        _memory = new Lazy<GpuMemory>(() => new GpuMemory(this));
        Backend = new GpuBackend(this, IsCpu);
    }

    /// <summary>All devices of a kind; none where the driver is missing, <see cref="GpuDevices.WhyNone"/> says why.</summary>
    internal static IReadOnlyList<GpuDevice> Available(GpuKind kind) => GpuDevices.Of(kind).Devices;

    internal GpuKind Kind { get; }

    internal int Index { get; }

    internal string Name => Kind == GpuKind.Emulated ? "ILGPU's emulation" : _device.Name.Trim();

    internal string DriverVersion => _device switch
    {
        CudaDevice cuda => $"CUDA {cuda.DriverVersion.Major}.{cuda.DriverVersion.Minor}",
        CLDevice open => open.DeviceVersion.ToString()!.Trim(),
        _ => $"ILGPU {typeof(Context).Assembly.GetName().Version!.ToString(3)}",
    };

    /// <summary>Bytes; of the emulation, those that this process may use.</summary>
    internal long TotalMemory => Kind == GpuKind.Emulated ? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes : _device.MemorySize;

    /// <summary>Bytes that the driver still has, after what other programs hold; of drivers that do not tell, as many as there could be.</summary>
    internal long FreeMemory => _accelerator.IsValueCreated && Accelerator is CudaAccelerator cuda ? cuda.GetFreeMemory() : long.MaxValue;

    internal bool SupportsFloat64 => _device is not CLDevice open || open.Capabilities.Float64;

    /// <summary>Whether its processors are a CPU's, as PoCL's are: a group's threads run there one after the other, from one barrier to the next.</summary>
    internal bool IsCpu => _device is CLDevice { DeviceType: CLDeviceType.CL_DEVICE_TYPE_CPU };

    internal GpuMemory Memory => _memory.Value;

    internal GpuBackend Backend { get; }

    /// <summary>Threads of a group that reduces one row: a power of two.</summary>
    internal int GroupSize => Math.Min(_device.MaxNumThreadsPerGroup, Kind == GpuKind.Emulated ? 4 : GroupFold.MaxThreads);

    /// <summary>Groups that run at the same time; of the emulation as many as make small shapes go the way of large ones.</summary>
    internal int Processors => Kind == GpuKind.Emulated ? 4 : Math.Max(1, _device.NumMultiprocessors);

    /// <summary>Threads that its multiprocessors hold at the same time.</summary>
    internal int ResidentThreads => _device.NumMultiprocessors * _device.MaxNumThreadsPerMultiprocessor;

    /// <summary>Threads that the device needs to be busy.</summary>
    internal int BusyThreads => Kind == GpuKind.Emulated ? 256 : Processors * 1024;

    /// <summary>How many kernels have been compiled here, and how long that took.</summary>
    internal (int Kernels, TimeSpan Time) Compiled
    {
        get
        {
            lock (_queue)
                return (_kernels.Count, Stopwatch.GetElapsedTime(0, _compileTicks));
        }
    }

    /// <summary>How many kernels have been put into the queue, and how often the host has waited for what is in it.</summary>
    internal (long Launches, long Waits) Work
    {
        get
        {
            lock (_queue)
                return (_launches, _waits);
        }
    }

    /// <summary>What has been compiled since the last time that this told something, once that took so long; else null.</summary>
    internal string? NewlyCompiled(TimeSpan atLeast)
    {
        // Asked at every value that is read: without the lock where nothing is new.
        if (Volatile.Read(ref _compileTicks) == _toldTicks)
            return null;
        lock (_queue)
        {
            var time = Stopwatch.GetElapsedTime(_toldTicks, _compileTicks);
            if (time < atLeast || _news.Count == 0)
                return null;
            _toldTicks = _compileTicks;
            string names = string.Join(", ", _news.CountBy(name => name).OrderByDescending(item => item.Value).Select(item => item.Value == 1 ? item.Key : $"{item.Key} ({item.Value})"));
            string text = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"note: {_news.Count} kernels compiled for {this} in {time.TotalSeconds:0.0} s, at the first use of each: {names}");
            _news.Clear();
            return text;
        }
    }

    internal Accelerator Accelerator => _accelerator.Value;

    /// <summary>Only now the driver is asked to open the device; it may be busy with another process, or out of memory.</summary>
    private Accelerator Open()
    {
        try
        {
            return _device.CreateAccelerator(_context);
        }
        catch (Exception exception) when (exception is AcceleratorException or NotSupportedException)
        {
            throw new ExternalException($"{this} cannot be opened: {exception.Message.Trim()}. See with {(Kind == GpuKind.Cuda ? "nvidia-smi" : "clinfo")} whether another program holds it, or use --device cpu.", exception);
        }
    }

    /// <summary>Waits until all work given so far is done.</summary>
    internal void Synchronize() => GuardAndWait("synchronize", static device => device.Accelerator.Synchronize());

    /// <summary>As <see cref="Guard"/> for work that returns when the queue is empty.</summary>
    internal void GuardAndWait(string operation, Action<GpuDevice> work) => Guard(operation, device =>
    {
        device._waits++;
        work(device);
    });

    /// <summary>Waits within a guarded piece of work.</summary>
    internal void Drain()
    {
        _waits++;
        Accelerator.DefaultStream.Synchronize();
    }

    /// <summary>One piece of work at a time enters the queue; what the driver reports names the operation.</summary>
    internal void Guard(string operation, Action<GpuDevice> work)
    {
        lock (_queue)
        {
            Enter();
            try
            {
                work(this);
            }
            catch (AcceleratorException exception)
            {
                throw Fault(operation, exception);
            }
        }
    }

    /// <summary>Memory from the driver; null where it has no more, which is no fault.</summary>
    internal MemoryBuffer? TryAllocate(long bytes)
    {
        lock (_queue)
        {
            Enter();
            try
            {
                return Accelerator.AllocateRaw(bytes, 1);
            }
            // What an earlier kernel did may be told here as well.
            catch (CudaException exception) when (exception.Error != nameof(CudaError.CUDA_ERROR_OUT_OF_MEMORY))
            {
                throw Fault("allocate", exception);
            }
            catch (Exception exception) when (exception is AcceleratorException or OutOfMemoryException)
            {
                return null;
            }
        }
    }

    /// <summary>Before anything is asked of the driver: a lost device says so, and the thread that asks becomes one of the device's (a CUDA context belongs to threads).</summary>
    private void Enter()
    {
        if (_lost is not null)
            throw new ExternalException(_lost);
        Accelerator.Bind();
    }

    /// <summary>What CUDA refuses before it does anything: the context is as before.</summary>
    private static readonly string[] Refusals =
    [
        nameof(CudaError.CUDA_ERROR_INVALID_VALUE), nameof(CudaError.CUDA_ERROR_OUT_OF_MEMORY), nameof(CudaError.CUDA_ERROR_NO_BINARY_FOR_GPU), nameof(CudaError.CUDA_ERROR_INVALID_PTX),
        nameof(CudaError.CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES), nameof(CudaError.CUDA_ERROR_NOT_SUPPORTED),
        // CUDA_ERROR_UNSUPPORTED_PTX_VERSION, which ILGPU does not name.
        "222",
    ];

    /// <summary>After a fault in a kernel a CUDA context answers nothing but that fault: the process must be restarted, and says so from then on.</summary>
    private ExternalException Fault(string operation, AcceleratorException exception)
    {
        if (Kind == GpuKind.Cuda && !(exception is CudaException cuda && Refusals.Contains(cuda.Error)))
            _lost = $"{this} does not answer any more since {operation} failed ({exception.Message.Trim()}). Restart the session; what lay on the device is lost.";
        return new ExternalException(_lost ?? $"{operation} failed on {this}: {exception.Message.Trim()}. Tensors on the CPU are not touched; move them there, or use --device cpu.", exception);
    }

    /// <summary>What launches a kernel, asked for once a launch; compiled at the first.</summary>
    private TLauncher Compile<TKernel, TLauncher>(TKernel kernel, Func<Accelerator, TKernel, TLauncher> load) where TKernel : Delegate where TLauncher : Delegate
    {
        _launches++;
        if (_kernels.TryGetValue(kernel, out var loaded))
            return (TLauncher)loaded;
        long start = Stopwatch.GetTimestamp();
        var made = load(Accelerator, kernel);
        _compileTicks += Stopwatch.GetTimestamp() - start;
        _kernels.Add(kernel, made);
        _news.Add(kernel.Method.Name);
        return made;
    }

    public override string ToString() => Kind switch
    {
        GpuKind.Cuda => $"cuda:{Index} ({Name})",
        GpuKind.OpenCL => $"opencl:{Index} ({Name})",
        _ => $"emulated:{Index}",
    };

    public void Dispose()
    {
        if (_memory.IsValueCreated)
            _memory.Value.Dispose();
        if (_accelerator.IsValueCreated)
            _accelerator.Value.Dispose();
    }
}

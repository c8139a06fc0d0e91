namespace TorchSharp;

public enum DeviceType
{
    CPU = 0,
    CUDA = 1,
    MKLDNN = 2,
    OPENGL = 3,
    OPENCL = 4,
    IDEEP = 5,
    HIP = 6,
    FPGA = 7,
    MSNPU = 8,
    XLA = 9,
    MPS = 13,
    META = 14,
}

public static partial class torch
{
    /// <summary>Where a tensor lives. CUDA and OPENCL need such a device; on META a tensor has shape and type only.</summary>
    public class Device
    {
        public DeviceType type { get; }

        public int index { get; }

        /// <param name="description">"cpu", "cuda", "cuda:1", …</param>
        public Device(string description)
        {
            string[] parts = description.Split(':');
            if (parts.Length > 2 || !Enum.TryParse<DeviceType>(parts[0], ignoreCase: true, out var parsed) || parts[0].Any(char.IsDigit))
                throw new ArgumentException($"Invalid device string: '{description}'. Expected a device such as 'cpu', 'cuda' or 'cuda:0'.", nameof(description));
            type = parsed;
            if (parts.Length == 2 && !int.TryParse(parts[1], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int number))
                throw new ArgumentException($"Invalid device index: '{parts[1]}' in '{description}'.", nameof(description));
            else
                index = parts.Length == 2 ? int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture) : type == DeviceType.CUDA ? 0 : -1;
        }

        public Device(string deviceType, int index = -1) : this(new Device(deviceType).type, index) { }

        public Device(DeviceType deviceType, int index = -1)
        {
            type = deviceType;
            this.index = deviceType == DeviceType.CUDA && index < 0 ? 0 : index;
        }

        public Device(int index) : this(DeviceType.CUDA, index) { }

        public static implicit operator Device(string description) => new(description);

        public override string ToString() => type == DeviceType.CPU ? "cpu" : index < 0 ? type.ToString().ToLowerInvariant() : $"{type.ToString().ToLowerInvariant()}:{index}";
    }

    public static readonly Device CPU = new(DeviceType.CPU);

    public static readonly Device META = new(DeviceType.META);

    public static Device CUDA { get; } = new(DeviceType.CUDA);

    public static Device MPS { get; } = new(DeviceType.MPS);

    public static Device device(string description) => new(description);

    public static Device device(string deviceType, int index = -1) => new(deviceType, index);

    public static Device device(DeviceType deviceType, int index = -1) => new(deviceType, index);

    public static Device device(int index) => new(index);

    public static bool cuda_is_available() => cuda.is_available();

    public static bool mps_is_available() => false;

    public static bool TryInitializeDeviceType(DeviceType deviceType) => deviceType == DeviceType.CPU || DevicePlaces.Of(deviceType).Count > 0;

    public static void InitializeDeviceType(DeviceType deviceType) => Place.Of(new Device(deviceType));

    public static Device InitializeDevice(Device device)
    {
        device ??= get_default_device();
        _ = Place.Of(device);
        return device;
    }
}

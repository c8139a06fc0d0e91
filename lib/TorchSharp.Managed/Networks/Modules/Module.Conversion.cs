using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // Moving to another dtype or device. The tensor objects stay the same, so that optimisers and shared weights keep working.
        public partial class Module
        {
            /// <summary>Device and dtype of new parameters: the given ones, or the CPU and the default dtype.</summary>
            protected static (Device device, ScalarType dtype) GetDefaultDeviceAndType(Device? device = null, ScalarType? dtype = null) =>
                (InitializeDevice(device!), dtype ?? get_default_dtype());

            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking) => Convert(dtype, device, non_blocking);

            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) => Convert(null, new Device(deviceType, deviceIndex), non_blocking);

            protected internal virtual Module _to(ScalarType dtype, bool non_blocking) => Convert(dtype, null, non_blocking);

            public Module _to(Tensor other, bool non_blocking) => _to(other.device, other.dtype, non_blocking);

            private Module Convert(ScalarType? dtype, Device? device, bool non_blocking)
            {
                if (device is not null && LivesOnADevice)
                    InitializeDevice(device);
                if (dtype is { } type && !type.IsFloating() && parameters().Any(p => p.requires_grad))
                    throw new ExternalException("Only Tensors of floating point and complex dtype can require gradients");
                foreach (var (_, module) in Submodules)
                    module.Convert(dtype, device, non_blocking);
                _toEpilog(dtype, device, non_blocking);
                return this;
            }

            /// <summary>Whether moving the module needs the device: not where there is nothing to move.</summary>
            private protected virtual bool LivesOnADevice => true;

            /// <summary>Converts this module's own components; integers (counters) keep their dtype.</summary>
            protected virtual void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
            {
                foreach (var (_, parameter) in _internal_params)
                    ConvertInPlace(parameter, dtype, device);
                foreach (var (_, (buffer, _)) in _internal_buffers)
                    ConvertInPlace(buffer, dtype, device);
            }

            private static void ConvertInPlace(Tensor tensor, ScalarType? dtype, Device? device)
            {
                var type = tensor.is_floating_point() ? dtype ?? tensor.dtype : tensor.dtype;
                var target = device ?? tensor.device;
                if (tensor.dtype == type && ReferenceEquals(tensor.Place, Place.Of(target)))
                    return;
                using Tensor plain = tensor.detach().AsTemporary(), converted = plain.to(type, target).AsTemporary();
                tensor.ReplaceData(converted);
                if (tensor.Meta?.Grad is not null)
                    tensor.grad = null;
            }
        }
    }
}

/// <summary>Conversions that return the module in its own type.</summary>
public static class ModuleExtensionMethods
{
    public static T to<T>(this T module, torch.Device device, torch.ScalarType type, bool non_blocking = false) where T : torch.nn.Module =>
        (T)module._to(device, type, non_blocking);

    public static T to<T>(this T module, torch.Device device, bool non_blocking = false) where T : torch.nn.Module =>
        (T)module._to(device.type, device.index, non_blocking);

    public static T to<T>(this T module, DeviceType deviceType, int deviceIndex = -1, bool non_blocking = false) where T : torch.nn.Module =>
        (T)module._to(deviceType, deviceIndex, non_blocking);

    public static T to<T>(this T module, string device, bool non_blocking = false) where T : torch.nn.Module =>
        module.to(new torch.Device(device), non_blocking);

    public static T to<T>(this T module, torch.ScalarType type, bool non_blocking = false) where T : torch.nn.Module =>
        (T)module._to(type, non_blocking);

    public static T to<T>(this T module, torch.Tensor other, bool non_blocking = false) where T : torch.nn.Module =>
        (T)module._to(other, non_blocking);

    public static T cpu<T>(this T module, bool non_blocking = false) where T : torch.nn.Module => module.to(DeviceType.CPU, -1, non_blocking);

    public static T cuda<T>(this T module, int deviceIndex = -1, bool non_blocking = false) where T : torch.nn.Module =>
        module.to(DeviceType.CUDA, deviceIndex, non_blocking);

    // A module's parameters have gradients, which integers and truth values cannot have: these are for modules without any.
    public static T @bool<T>(this T module, bool non_blocking = false) where T : torch.nn.Module => module.to(torch.ScalarType.Bool, non_blocking);

    public static T @byte<T>(this T module, bool non_blocking = false) where T : torch.nn.Module => module.to(torch.ScalarType.Byte, non_blocking);

    public static T @char<T>(this T module, bool non_blocking = false) where T : torch.nn.Module => module.to(torch.ScalarType.Int8, non_blocking);

    public static T @short<T>(this T module, bool non_blocking = false) where T : torch.nn.Module => module.to(torch.ScalarType.Int16, non_blocking);

    public static T @int<T>(this T module, bool non_blocking = false) where T : torch.nn.Module => module.to(torch.ScalarType.Int32, non_blocking);

    public static T @long<T>(this T module, bool non_blocking = false) where T : torch.nn.Module => module.to(torch.ScalarType.Int64, non_blocking);

    public static T bfloat16<T>(this T module, bool non_blocking = false) where T : torch.nn.Module => module.to(torch.ScalarType.BFloat16, non_blocking);

    public static T half<T>(this T module, bool non_blocking = false) where T : torch.nn.Module => module.to(torch.ScalarType.Float16, non_blocking);

    public static T @float<T>(this T module, bool non_blocking = false) where T : torch.nn.Module => module.to(torch.ScalarType.Float32, non_blocking);

    public static T @double<T>(this T module, bool non_blocking = false) where T : torch.nn.Module => module.to(torch.ScalarType.Float64, non_blocking);
}

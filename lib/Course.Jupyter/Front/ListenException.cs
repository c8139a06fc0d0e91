using System.Net;
using System.Net.Sockets;

namespace Course.Jupyter.Front;

/// <summary>The kernel cannot listen where its connection file asks it to; the message says where and what to do.</summary>
public sealed class ListenException(IPAddress address, int port, string name, SocketException inner)
    : Exception(FormattableString.Invariant($"The kernel cannot listen on {address}, {name} {port}: {inner.Message}. {Advice(inner.SocketErrorCode)}"), inner)
{
    private static string Advice(SocketError error) => error switch
    {
        SocketError.AddressNotAvailable => "The address must be one of this machine's own.",
        SocketError.AddressAlreadyInUse => "Another program has that port: end it, or start the kernel anew so that Jupyter chooses other ports.",
        _ => "Choose other ports.",
    };
}

using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Postrider.Mta.Hosting.Posix;

namespace Postrider.Mta.Hosting.Monitor;

/// <summary>One end of the socket between monitor and worker: whole messages of a bounded size, each with one descriptor or none.</summary>
/// <remarks>A pair without a name: nobody else can open it, and its end says that the other process is gone. Sending is thread-safe; one thread receives.</remarks>
internal sealed class MonitorChannel : IDisposable
{
    /// <summary>Octets of a message. A longer one cannot be sent, and one that came would be thrown away.</summary>
    public const int MaxOctets = 65536;

    private const int Unix = 1; // AF_UNIX
    private const int SequencedPackets = 5; // SOCK_SEQPACKET
    private const int CloseOnExec = 0x80000; // SOCK_CLOEXEC
    private const int DoNotWait = 0x40; // MSG_DONTWAIT
    private const int NoSignal = 0x4000; // MSG_NOSIGNAL
    private const int DescriptorsCloseOnExec = 0x40000000; // MSG_CMSG_CLOEXEC
    private const int Cut = 0x20 | 0x8; // MSG_TRUNC, MSG_CTRUNC
    private const int SocketLevel = 1; // SOL_SOCKET
    private const int Rights = 1; // SCM_RIGHTS
    private const int ControlHead = 16; // struct cmsghdr
    private const int MaxDescriptors = 4; // more than one is wrong, but what came must be closed
    private const int WouldBlock = 11; // EAGAIN

    private readonly SafeFileHandle socket;

    private MonitorChannel(SafeFileHandle socket) => this.socket = socket;

    /// <exception cref="IOException">There are no descriptors left.</exception>
    public static unsafe (MonitorChannel Ours, SafeFileHandle Theirs) Pair()
    {
        int* pair = stackalloc int[2];
        if (PosixCalls.SocketPair(Unix, SequencedPackets | CloseOnExec, 0, pair) != 0) throw new IOException($"socketpair: {Marshal.GetLastPInvokeErrorMessage()}");
        return (new MonitorChannel(new SafeFileHandle(pair[0], ownsHandle: true)), new SafeFileHandle(pair[1], ownsHandle: true));
    }

    /// <summary>The end that this process was started with; not passed on to what it starts itself.</summary>
    public static MonitorChannel Adopt(int descriptor)
    {
        SetInherited(new SafeFileHandle(descriptor, ownsHandle: false), isInherited: false);
        return new MonitorChannel(new SafeFileHandle(descriptor, ownsHandle: true));
    }

    public static void SetInherited(SafeFileHandle handle, bool isInherited)
    {
        const int setFlags = 2; // F_SETFD
        if (PosixCalls.FControl((int)handle.DangerousGetHandle(), setFlags, isInherited ? 0 : 1) != 0) throw new IOException($"fcntl: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    /// <summary>Sends a message; waits, without a thread, while the other side has too many to read.</summary>
    /// <returns>False: the other side is gone.</returns>
    public async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> message, SafeFileHandle? attached, CancellationToken cancellationToken)
    {
        while (true)
        {
            int error = SendHeld(message.Span, attached);
            if (error == 0) return true;
            if (error is not (WouldBlock or PosixCalls.Interrupted)) return false;
            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
        }
    }

    /// <summary>Waits on this thread for a message.</summary>
    /// <returns>Its octets; 0 when the other side is gone; -1 for a message that was too long or brought more than it may: it is gone.</returns>
    public int Receive(byte[] buffer, out SafeFileHandle? attached)
    {
        // Held while it waits: a descriptor that was closed meanwhile may be somebody else's by now.
        attached = null;
        bool isHeld = false;
        try
        {
            socket.DangerousAddRef(ref isHeld);
            return ReceiveHeld(buffer, out attached);
        }
        catch (ObjectDisposedException)
        {
            return 0;
        }
        finally
        {
            if (isHeld) socket.DangerousRelease();
        }
    }

    /// <summary>Wakes the thread that receives: for it, the other side is gone.</summary>
    public void Close()
    {
        const int both = 2; // SHUT_RDWR
        bool isHeld = false;
        try
        {
            socket.DangerousAddRef(ref isHeld);
            _ = PosixCalls.Shutdown((int)socket.DangerousGetHandle(), both);
        }
        catch (ObjectDisposedException)
        {
            // Closed already.
        }
        finally
        {
            if (isHeld) socket.DangerousRelease();
        }
    }

    public void Dispose()
    {
        Close();
        socket.Dispose();
    }

    private int SendHeld(ReadOnlySpan<byte> octets, SafeFileHandle? attached)
    {
        const int brokenPipe = 32; // EPIPE
        bool isHeld = false;
        try
        {
            socket.DangerousAddRef(ref isHeld);
            return Send(octets, attached);
        }
        catch (ObjectDisposedException)
        {
            return brokenPipe;
        }
        finally
        {
            if (isHeld) socket.DangerousRelease();
        }
    }

    private unsafe int Send(ReadOnlySpan<byte> octets, SafeFileHandle? attached)
    {
        byte* control = stackalloc byte[ControlHead + 8];
        fixed (byte* start = octets)
        {
            PosixCalls.IoVector vector = new() { Base = start, Length = (nuint)octets.Length };
            PosixCalls.MessageHeader message = new() { Vectors = &vector, VectorCount = 1 };
            if (attached is not null)
            {
                *(nuint*)control = ControlHead + 4;
                *(int*)(control + 8) = SocketLevel;
                *(int*)(control + 12) = Rights;
                *(nuint*)(control + ControlHead) = 0;
                *(int*)(control + ControlHead) = (int)attached.DangerousGetHandle();
                message.Control = control;
                message.ControlLength = ControlHead + 8;
            }

            nint sent = PosixCalls.SendMessage((int)socket.DangerousGetHandle(), &message, DoNotWait | NoSignal);
            GC.KeepAlive(attached);
            return sent >= 0 ? 0 : Marshal.GetLastPInvokeError();
        }
    }

    private unsafe int ReceiveHeld(byte[] buffer, out SafeFileHandle? attached)
    {
        attached = null;
        byte* control = stackalloc byte[ControlHead + (4 * MaxDescriptors) + 16];
        fixed (byte* start = buffer)
        {
            PosixCalls.IoVector vector = new() { Base = start, Length = (nuint)buffer.Length };
            PosixCalls.MessageHeader message = new() { Vectors = &vector, VectorCount = 1, Control = control, ControlLength = ControlHead + (4 * MaxDescriptors) };
            nint read;
            do read = PosixCalls.ReceiveMessage((int)socket.DangerousGetHandle(), &message, DescriptorsCloseOnExec);
            while (read < 0 && Marshal.GetLastPInvokeError() == PosixCalls.Interrupted);
            if (read <= 0) return 0;
            bool isWhole = (message.Flags & Cut) == 0;
            if (message.ControlLength >= ControlHead && *(int*)(control + 8) == SocketLevel && *(int*)(control + 12) == Rights)
            {
                int count = ((int)*(nuint*)control - ControlHead) / 4;
                for (int i = 0; i < count; i++)
                {
                    SafeFileHandle one = new(*(int*)(control + ControlHead + (4 * i)), ownsHandle: true);
                    if (count == 1 && isWhole) attached = one;
                    else one.Dispose();
                }

                isWhole &= count == 1;
            }

            return isWhole ? (int)read : -1;
        }
    }
}

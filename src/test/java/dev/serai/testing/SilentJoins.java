package dev.serai.testing;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * A way to a broker on which the requests to join a group are swallowed while {@link #swallow} is on, so that nobody answers
 * them: as a coordinator does that waits for a member which is no more. Everything else gets through. Thread-safe.
 */
public final class SilentJoins implements AutoCloseable {
    private final ServerSocket listening;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger swallowed = new AtomicInteger();
    private volatile int target;
    private volatile boolean swallow;

    public SilentJoins() throws IOException {
        listening = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("silent-joins").start(this::accept);
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** Where the broker listens; before the first connection. */
    public void target(int port) {
        target = port;
    }

    public void swallow(boolean on) {
        swallow = on;
    }

    /** How many requests nobody has answered. */
    public int swallowed() {
        return swallowed.get();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                Socket broker = new Socket();
                sockets.add(client);
                sockets.add(broker);
                broker.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
                Thread.ofVirtual().name("silent-joins-to").start(() -> carry(client, broker, this::requests));
                Thread.ofVirtual().name("silent-joins-from").start(() -> carry(broker, client, SilentJoins::answers));
            } catch (IOException e) {
                if (!listening.isClosed()) {
                    throw new IllegalStateException("no connection from port " + port() + " to " + target, e);
                }
            }
        }
    }

    private interface Way {
        void carry(Socket from, Socket to) throws IOException;
    }

    private void carry(Socket from, Socket to, Way way) {
        try (from;
                to) {
            way.carry(from, to);
        } catch (IOException e) {
            // One end has closed the connection: the other one sees that.
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private static void answers(Socket from, Socket to) throws IOException {
        from.getInputStream().transferTo(to.getOutputStream());
    }

    /** Each is its length, four bytes, and so many more, of which the first two name the API. */
    private void requests(Socket from, Socket to) throws IOException {
        DataInputStream in = new DataInputStream(from.getInputStream());
        DataOutputStream out = new DataOutputStream(to.getOutputStream());
        while (true) {
            byte[] request = new byte[in.readInt()];
            in.readFully(request);
            short api = (short) (request[0] << 8 | request[1] & 0xff);
            if (swallow && api == ApiKeys.JOIN_GROUP.id) {
                swallowed.incrementAndGet();
            } else {
                out.writeInt(request.length);
                out.write(request);
            }
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}

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
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * A way to a broker on which requests of one kind are held until they are let go: nobody answers them, nor what follows on
 * their connections, as with a coordinator that waits for another member. Everything else gets through. Thread-safe.
 */
public final class UnansweredRequests implements AutoCloseable {
    private final ServerSocket listening;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile int target;

    // Guarded by the lock.
    private @Nullable ApiKeys held;
    private int count;
    private boolean closed;

    public UnansweredRequests() throws IOException {
        listening = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("unanswered-requests").start(this::accept);
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** Where the broker listens; before the first connection. */
    public void target(int port) {
        target = port;
    }

    /** From now on requests of this kind are held, in place of those of another kind. */
    public void hold(ApiKeys kind) {
        holding(kind);
    }

    /** Lets go what is held, and holds nothing more. */
    public void letGo() {
        holding(null);
    }

    private void holding(@Nullable ApiKeys kind) {
        lock.lock();
        try {
            held = kind;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** How many requests were held so far. */
    public int held() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                Socket broker = new Socket();
                sockets.add(client);
                sockets.add(broker);
                broker.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
                Thread.ofVirtual().name("requests").start(() -> carry(client, broker, this::requests));
                Thread.ofVirtual().name("answers").start(() -> carry(broker, client, UnansweredRequests::answers));
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
            awaitPassage(ApiKeys.forId((request[0] << 8) | (request[1] & 0xff)));
            out.writeInt(request.length);
            out.write(request);
        }
    }

    private void awaitPassage(ApiKeys kind) {
        lock.lock();
        try {
            count += kind == held ? 1 : 0;
            while (kind == held && !closed) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        listening.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}

package dev.serai.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/**
 * Ports of loopback that can be bound again and again: below those that systems take for outgoing connections, which could
 * take one while its broker is away, the more so as clients try to reach it then. For one thread.
 */
final class FreePorts {
    private static final int FIRST = 10_000;
    private static final int END = 32_000;
    private static final int ATTEMPTS = 1_000;

    private final Random random = new Random();
    private final Set<Integer> taken = new HashSet<>();

    /** One that nobody listens on, and that this has not returned before. */
    int next() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = random.nextInt(FIRST, END);
            if (taken.add(port) && isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException(
                "found no free port from " + FIRST + " to " + END + " in " + ATTEMPTS + " tries");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}

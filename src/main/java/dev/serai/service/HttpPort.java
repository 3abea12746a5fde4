package dev.serai.service;

import dev.serai.service.Finding.Subject;
import dev.serai.service.Finding.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The port of health checks and metrics. The server binds it while the service starts; that it could not do so, Camel says
 * in the log only. Immutable.
 */
record HttpPort(String host, int number) {
    /**
     * Ports that nobody is given for outgoing connections: those begin at 32768 in Linux, and at 49152 elsewhere (RFC 6335,
     * section 6). One of those could be gone between its choice and its use.
     */
    private static final int FIRST = 20_000;

    private static final int END = 32_768;

    private static final int TRIES = 1_000;

    /** Of whoever has the port already. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

    /**
     * @param wanted 0 for any that is free
     * @throws ServiceStartException if 0 is wanted and none is found
     */
    static HttpPort of(String host, int wanted) {
        if (wanted != 0) {
            return new HttpPort(host, wanted);
        }
        for (int i = 0; i < TRIES; i++) {
            HttpPort any = new HttpPort(host, ThreadLocalRandom.current().nextInt(FIRST, END));
            if (any.isFree()) {
                return any;
            }
        }
        throw new ServiceStartException("serai.http.port: no free port was found on " + host + " between " + FIRST
                + " and " + (END - 1) + ": name one, and see whether serai.http.host is an address of this machine");
    }

    /** As a URL has both. */
    String authority() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + number;
    }

    /** @throws ServiceStartException if it cannot be bound */
    void requireFree() {
        if (!isFree()) {
            throw new ServiceStartException(inUse());
        }
    }

    /** What is wrong if it cannot be bound, and what to do. */
    String inUse() {
        return "serai.http.port: " + number + " on " + host
                + " cannot be used: stop what uses it, or set another one, or 0 for any that is free";
    }

    boolean isFree() {
        try (ServerSocket socket = new ServerSocket(number, 1, InetAddress.getByName(host))) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether a start would get the port; 0 is any that is free. */
    static Finding look(String host, int number) throws InterruptedException {
        if (number == 0) {
            return new Finding(
                    Subject.HTTP, Verdict.OK, "health and metrics get any port of " + host + " that is free");
        }
        HttpPort port = new HttpPort(host, number);
        if (port.isFree()) {
            return new Finding(
                    Subject.HTTP, Verdict.OK, "port " + number + " on " + host + " is free, for health and metrics");
        } else if (ObserveEndpoints.isAnsweredBySerai(host, number, ANSWER_LIMIT)) {
            return new Finding(
                    Subject.HTTP,
                    Verdict.NOT_CHECKED,
                    "port " + number + " on " + host
                            + " is in use by a Serai that runs: a start in its place has it, and a"
                            + " start beside it needs another serai.http.port, or 0 for any that is free");
        } else {
            return new Finding(Subject.HTTP, Verdict.WRONG, port.inUse());
        }
    }
}

package dev.serai.kafka;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks at what a port speaks, with two plain requests that Kafka answers before any authentication. Kafka's own
 * clients cannot tell: one without TLS takes the port's alert for the size of an answer of 350 MB and asks for that
 * much memory, and one with TLS only sees that the connection closes. Takes at most {@link #CONNECT} and twice
 * {@link #ANSWER}.
 */
final class ListenerProbe {
    static final Duration CONNECT = Duration.ofSeconds(3);
    static final Duration ANSWER = Duration.ofSeconds(3);

    private static final int API_VERSIONS = 18;
    private static final int SASL_HANDSHAKE = 17;
    private static final int ILLEGAL_SASL_STATE = 34;
    private static final int UNSUPPORTED_SASL_MECHANISM = 33;
    private static final int CORRELATION_ID = 0x5e7a1;

    /** More than either answer ever takes: what claims to be larger is none of Kafka's. */
    private static final int LARGEST_ANSWER = 1 << 20;

    private static final int TLS_MAJOR_VERSION = 3;
    private static final int TLS_ALERT = 0x15;
    private static final int TLS_HANDSHAKE = 0x16;

    /** What a port turned out to be. */
    sealed interface Seen {
        /** The name has no address. */
        record Unresolved() implements Seen {}

        record Unreachable(String reason) implements Seen {}

        /** Connects, and then says nothing in time or hangs up: a busy Kafka as well as anything else. */
        record Mute() implements Seen {}

        record Tls() implements Seen {}

        /** Answers, and not as Kafka does. */
        record Foreign() implements Seen {}

        /**
         * Kafka without TLS.
         *
         * @param mechanisms those that clients may authenticate with; empty if none is wanted
         */
        record Plain(List<String> mechanisms) implements Seen {}
    }

    private ListenerProbe() {}

    /** Looks once; the address is resolved here. */
    static Seen look(String host, int port) {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            return new Seen.Unresolved();
        }
        try (Socket socket = new Socket()) {
            socket.connect(address, Math.toIntExact(CONNECT.toMillis()));
            return conversation(socket);
        } catch (SocketTimeoutException e) {
            return new Seen.Unreachable("no connection within " + CONNECT.toSeconds() + " s");
        } catch (IOException e) {
            return new Seen.Unreachable(String.valueOf(e.getMessage()));
        }
    }

    private static Seen conversation(Socket socket) {
        try {
            socket.setSoTimeout(Math.toIntExact(ANSWER.toMillis()));
            DataInputStream in = new DataInputStream(socket.getInputStream());
            send(socket, API_VERSIONS, 0, "");
            int size = in.readInt();
            if (isTls(size)) {
                return new Seen.Tls();
            }
            if (size < Integer.BYTES || size > LARGEST_ANSWER || !isAnswer(in.readNBytes(size))) {
                return new Seen.Foreign();
            }
            return new Seen.Plain(mechanisms(socket, in));
        } catch (IOException e) {
            return new Seen.Mute();
        }
    }

    /** The mechanisms that a listener with SASL names when it is asked for one that there is not. */
    private static List<String> mechanisms(Socket socket, DataInputStream in) throws IOException {
        send(socket, SASL_HANDSHAKE, 1, "WHICH-ARE-THERE");
        int size = in.readInt();
        if (size < Integer.BYTES || size > LARGEST_ANSWER) {
            return List.of();
        }
        DataInputStream answer = new DataInputStream(new ByteArrayInputStream(in.readNBytes(size)));
        answer.readInt();
        int error = answer.readShort();
        if (error == ILLEGAL_SASL_STATE || error != UNSUPPORTED_SASL_MECHANISM) {
            return List.of();
        }
        List<String> mechanisms = new ArrayList<>();
        for (int left = answer.readInt(); left > 0; left--) {
            mechanisms.add(answer.readUTF());
        }
        return mechanisms;
    }

    /** A TLS record begins with its type, then the version 3.x. */
    private static boolean isTls(int firstBytes) {
        int type = firstBytes >>> 24;
        return (type == TLS_ALERT || type == TLS_HANDSHAKE) && (firstBytes >>> 16 & 0xff) == TLS_MAJOR_VERSION;
    }

    private static boolean isAnswer(byte[] answer) throws IOException {
        try {
            return new DataInputStream(new ByteArrayInputStream(answer)).readInt() == CORRELATION_ID;
        } catch (EOFException e) {
            return false;
        }
    }

    private static void send(Socket socket, int apiKey, int version, String body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream request = new DataOutputStream(bytes);
        request.writeShort(apiKey);
        request.writeShort(version);
        request.writeInt(CORRELATION_ID);
        request.writeUTF("serai-probe");
        if (!body.isEmpty()) {
            request.writeUTF(body);
        }
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        byte[] framed = bytes.toByteArray();
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        new DataOutputStream(packet).writeInt(framed.length);
        packet.write(framed);
        out.write(packet.toByteArray());
        out.flush();
    }
}

package dev.serai.testing;

import dev.serai.wire.ErrorCategory;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a provider, or what is on the way to it, can answer: a status, headers, a framing and a body, each of which may be
 * as nobody would have it, and what all of it comes to. Immutable.
 */
public final class HostileAnswer {
    /** Secrets that answers hold, and that must not be in anything that says why there is no room. */
    public static final List<String> SECRETS =
            List.of("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl", "5e551044-ec2e-4f3a-9a5e-000000000001");

    private static final String ROOM = "{\"session_id\":\"" + SECRETS.get(1)
            + "\",\"character_session_id\":\"cs\",\"room_url\":\"wss://rooms.example\",\"room_name\":\"r\",\"token\":\""
            + SECRETS.get(0) + "\",\"speaker_id\":null}";

    /** @param category of an answer without a room; null if the status, or what it says in its place, is none */
    private record Status(String line, int code, @Nullable ErrorCategory category) {
        boolean hasBody() {
            return code != 204 && code != 304;
        }
    }

    /** @param readable whether a head may have them */
    private record Headers(String name, String lines, boolean readable) {}

    private enum Framing {
        LENGTH(true),
        CHUNKED(true),
        ONE_BYTE_CHUNKS(true),
        CHUNKED_WITH_EXTENSIONS_AND_TRAILERS(true),
        CHUNKED_AND_LENGTH(true),
        UNTIL_CLOSE(true),
        LINE_BREAKS_BEHIND(true),
        EMPTY_LINES_BEFORE(true),
        INTERIM_ANSWERS_BEFORE(true),
        ANOTHER_ANSWER_BEHIND(false),
        LENGTH_TOO_SHORT(false),
        LENGTH_TOO_LONG(false),
        LENGTH_NEGATIVE(false),
        LENGTH_NO_NUMBER(false),
        LENGTHS_DIFFER(false),
        CHUNK_SIZE_NO_NUMBER(false),
        CHUNK_SIZE_NEGATIVE(false),
        CHUNK_CUT_OFF(false),
        CHUNKS_WITHOUT_END(false),
        EXTENSION_TOO_LONG(false),
        TRAILERS_TOO_MANY(false),
        TRAILER_TOO_LONG(false),
        GARBAGE_BEFORE(false),
        INTERIM_ANSWERS_WITHOUT_END(false),
        STALLED(false),
        RESET(false);

        /** Whether the body arrives. */
        private final boolean whole;

        Framing(boolean whole) {
            this.whole = whole;
        }

        boolean isBeforeTheHead() {
            return this == GARBAGE_BEFORE || this == INTERIM_ANSWERS_WITHOUT_END;
        }
    }

    /** @param room whether a 2xx with it is a room */
    private record Body(String name, String text, boolean room) {}

    private static final List<Status> STATUSES = List.of(
            new Status("HTTP/1.1 000 None", 0, null),
            new Status("HTTP/1.1 099 Less", 99, null),
            new Status("HTTP/1.1 100 Continue", 100, null),
            new Status("HTTP/1.1 101 Switching Protocols\nUpgrade: TLS/1.2, HTTP/1.1\nConnection: Upgrade", 101, null),
            new Status("HTTP/1.1 103 Early Hints", 103, null),
            new Status("HTTP/1.1 20 OK", 20, null),
            new Status("HTTP/1.1 2000 OK", 2000, null),
            new Status("HTTP/1.1 -200 OK", -200, null),
            new Status("HTTP/1.1 abc OK", 0, null),
            new Status("HTTP/2 200 OK", 0, null),
            new Status("HTTP/3.0 200 OK", 0, null),
            new Status("ICY 200 OK", 0, null),
            new Status("220 mail.example ESMTP", 0, null),
            new Status("HTTP/1.1 200 OK", 200, ErrorCategory.PROTOCOL_ERROR),
            new Status("HTTP/1.1 200", 200, ErrorCategory.PROTOCOL_ERROR),
            new Status("HTTP/1.0 200 OK", 200, ErrorCategory.PROTOCOL_ERROR),
            new Status("HTTP/1.1 201 " + SECRETS.get(0), 201, ErrorCategory.PROTOCOL_ERROR),
            new Status("HTTP/1.1 204 No Content", 204, ErrorCategory.PROTOCOL_ERROR),
            new Status("HTTP/1.1 206 Partial Content", 206, ErrorCategory.PROTOCOL_ERROR),
            new Status("HTTP/1.1 299 Fine", 299, ErrorCategory.PROTOCOL_ERROR),
            new Status("HTTP/1.1 302 Found\nLocation: /elsewhere", 302, ErrorCategory.PROTOCOL_ERROR),
            new Status("HTTP/1.1 304 Not Modified", 304, ErrorCategory.PROTOCOL_ERROR),
            new Status("HTTP/1.1 307 Temporary Redirect\nLocation: /connect", 307, ErrorCategory.PROTOCOL_ERROR),
            new Status("HTTP/1.1 400 Bad Request", 400, ErrorCategory.INVALID_REQUEST),
            new Status(
                    "HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Basic realm=\"a\"", 401, ErrorCategory.UNAUTHORIZED),
            new Status("HTTP/1.1 403 Forbidden", 403, ErrorCategory.FORBIDDEN),
            new Status("HTTP/1.1 404 Not Found", 404, ErrorCategory.CHARACTER_NOT_FOUND),
            new Status("HTTP/1.1 405 Method Not Allowed", 405, ErrorCategory.INVALID_REQUEST),
            new Status("HTTP/1.1 407 Proxy\nProxy-Authenticate: Basic realm=\"a\"", 407, ErrorCategory.INVALID_REQUEST),
            new Status("HTTP/1.1 413 Too Large", 413, ErrorCategory.INVALID_REQUEST),
            new Status("HTTP/1.1 422 Unprocessable", 422, ErrorCategory.INVALID_REQUEST),
            new Status("HTTP/1.1 429 Too Many Requests", 429, ErrorCategory.PROVIDER_BUSY),
            new Status("HTTP/1.1 451 Legal", 451, ErrorCategory.INVALID_REQUEST),
            new Status("HTTP/1.1 500 Internal", 500, ErrorCategory.PROVIDER_UNAVAILABLE),
            new Status("HTTP/1.1 502 Bad Gateway", 502, ErrorCategory.PROVIDER_UNAVAILABLE),
            new Status("HTTP/1.1 503 Unavailable", 503, ErrorCategory.PROVIDER_UNAVAILABLE),
            new Status("HTTP/1.1 599 Odd", 599, ErrorCategory.PROVIDER_UNAVAILABLE),
            new Status("HTTP/1.1 600 Odd", 600, ErrorCategory.PROVIDER_UNAVAILABLE),
            new Status("HTTP/1.1 999 Odd", 999, ErrorCategory.PROVIDER_UNAVAILABLE),
            new Status("HTTP/1.1 500 " + "x".repeat(20_000), 500, null));

    private static final List<Headers> HEADERS = List.of(
            new Headers("none", "", true),
            new Headers("type", "Content-Type: application/json\n", true),
            new Headers("odd type", "Content-Type: ;;/; charset=\"\n", true),
            new Headers("type of no charset", "Content-Type: application/json; charset=\"utf 8\"\n", true),
            new Headers("steering", "CamelHttpResponseCode: 200\nCamelHttpUri: http://a\nstatus: 200\n", true),
            new Headers("secrets", "Set-Cookie: a=" + SECRETS.get(0) + "\nX-Session: " + SECRETS.get(1) + "\n", true),
            new Headers("retry at odds", "Retry-After: -1\nRetry-After: 99999999999999999999\n", true),
            new Headers("retry never", "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT\n", true),
            new Headers("control characters", "X: \u0000\u001b[2J\u0007\u00ff\n", true),
            new Headers("many", "X: y\n".repeat(150), true),
            new Headers("keep alive", "Connection: keep-alive\nKeep-Alive: timeout=-1, max=0\n", true),
            new Headers("folded", "X: a\n b\n c\n", true),
            new Headers("too many", "X: y\n".repeat(400), false),
            new Headers("too long", "X: " + "x".repeat(20_000) + "\n", false),
            new Headers("too much", ("X: " + "x".repeat(9_000) + "\n").repeat(12), false),
            new Headers("no header", SECRETS.get(0) + "\n", false),
            new Headers("no name", ": x\n", false));

    private static final List<Body> BODIES = List.of(
            new Body("room", ROOM, true),
            new Body(
                    "room with Serai's fields",
                    ROOM.replace("{", "{\"status\":\"failed\",\"error\":{\"category\":\"x\"},\"event_id\":\"other\","),
                    true),
            new Body("room with more", ROOM.replace("{", "{\"more\":" + "[".repeat(50) + "]".repeat(50) + ","), true),
            new Body("room without its name", ROOM.replace("\"room_name\"", "\"room\""), false),
            new Body("room of numbers", ROOM.replace("\"cs\"", "7"), false),
            new Body("half a room", ROOM.substring(0, ROOM.length() - 20), false),
            new Body("rooms", "[" + ROOM + "]", false),
            new Body("two rooms", ROOM + ROOM, false),
            new Body("text of a room", "\"" + ROOM.replace("\"", "\\\"") + "\"", false),
            new Body("empty", "", false),
            new Body("null", "null", false),
            new Body("HTML", "<html><body>" + SECRETS.get(0) + "</body></html>", false),
            new Body("bytes", "\u0000\u00ff\u00fe\u0080", false),
            new Body("nested", "[".repeat(50_000), false),
            new Body("long", "{\"x\":\"" + "x".repeat(2 << 20) + "\"}", false),
            new Body(
                    "quoting",
                    "{\"detail\":\"bad key " + RunningSerai.API_KEY + ", token " + SECRETS.get(0) + "\"}",
                    false),
            new Body("quoting more", "{\"detail\":[{\"input\":" + ROOM + ",\"msg\":\"no\"}]}", false),
            new Body("long detail", "{\"message\":\"" + "x".repeat(100_000) + "\"}", false),
            new Body("half a character", "{\"error\":\"\\udfff\u001b[2J\"}", false),
            new Body("number that has no end", "{\"detail\":1e999999999}", false));

    private final Status status;
    private final Headers headers;
    private final Framing framing;
    private final Body body;

    private HostileAnswer(Status status, Headers headers, Framing framing, Body body) {
        this.status = status;
        this.headers = headers;
        this.framing = framing;
        this.body = body;
    }

    /** With one thing that is out of the ordinary each: every status, headers, framing and body. */
    public static List<HostileAnswer> single() {
        List<HostileAnswer> all = new ArrayList<>();
        STATUSES.forEach(
                status -> all.add(new HostileAnswer(status, HEADERS.getFirst(), Framing.LENGTH, BODIES.getFirst())));
        HEADERS.forEach(headers -> all.add(new HostileAnswer(okay(), headers, Framing.LENGTH, BODIES.getFirst())));
        for (Framing framing : Framing.values()) {
            all.add(new HostileAnswer(okay(), HEADERS.getFirst(), framing, BODIES.getFirst()));
        }
        BODIES.forEach(body -> all.add(new HostileAnswer(okay(), HEADERS.getFirst(), Framing.LENGTH, body)));
        return all;
    }

    /** One of all that there are. */
    public static HostileAnswer any(RandomGenerator random) {
        // Behind what cannot be read nothing else is seen: half of them have headers and a framing that can be.
        boolean readable = random.nextBoolean();
        return new HostileAnswer(
                one(STATUSES, random),
                one(
                        HEADERS.stream()
                                .filter(headers -> headers.readable() || !readable)
                                .toList(),
                        random),
                one(
                        Stream.of(Framing.values())
                                .filter(framing -> framing.whole || !readable)
                                .toList(),
                        random),
                one(BODIES, random));
    }

    private static Status okay() {
        return STATUSES.stream()
                .filter(status -> status.code() == 200)
                .findFirst()
                .orElseThrow();
    }

    private static <T> T one(List<T> all, RandomGenerator random) {
        return all.get(random.nextInt(all.size()));
    }

    /** A room. */
    public static HostileAnswer room() {
        return new HostileAnswer(okay(), HEADERS.getFirst(), Framing.LENGTH, BODIES.getFirst());
    }

    /** What it comes to; null for a room. */
    public @Nullable ErrorCategory category() {
        if (status.category() == null || !headers.readable() || framing.isBeforeTheHead()) {
            return ErrorCategory.OUTCOME_UNKNOWN;
        }
        if (status.hasBody() && !arrives()) {
            return ErrorCategory.OUTCOME_UNKNOWN;
        }
        return status.hasBody() && status.code() < 300 && body.room() ? null : status.category();
    }

    /** Of a body that is too long, no more is read than shows that. */
    private boolean arrives() {
        boolean tooLong = body.text().length() > 1 << 20;
        return switch (framing) {
            case LENGTH_TOO_SHORT -> body.text().isEmpty();
            case ANOTHER_ANSWER_BEHIND,
                    TRAILERS_TOO_MANY,
                    TRAILER_TOO_LONG,
                    CHUNKS_WITHOUT_END,
                    CHUNK_CUT_OFF,
                    LENGTH_TOO_LONG,
                    STALLED -> tooLong;
            default -> framing.whole;
        };
    }

    /** Whether the provider refuses everybody's calls by it, or all for now: an event waits then until its deadline. */
    public boolean isWaitedFor() {
        return category() == ErrorCategory.UNAUTHORIZED
                || category() == ErrorCategory.FORBIDDEN
                || category() == ErrorCategory.PROVIDER_BUSY;
    }

    /** Sends it; the connection is to be closed then. */
    public void writeTo(Socket socket) throws IOException, InterruptedException {
        OutputStream out = socket.getOutputStream();
        String begin = status.line() + "\n" + headers.lines();
        String text = body.text();
        String length = "Content-Length: " + text.length() + "\n\n";
        String chunked = "Transfer-Encoding: chunked\n\n";
        String chunk = text.isEmpty() ? "" : Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
        String end = "0\r\n\r\n";
        switch (framing) {
            case LENGTH -> write(out, begin + length, text);
            case CHUNKED -> write(out, begin + chunked, chunk + end);
            case ONE_BYTE_CHUNKS ->
                write(
                        out,
                        begin + chunked,
                        (text.length() > 60_000 ? chunk : text.replaceAll("(?s)(.)", "1\r\n$1\r\n")) + end);
            case CHUNKED_WITH_EXTENSIONS_AND_TRAILERS ->
                write(out, begin + chunked, chunk.replaceFirst("\r\n", ";x=\"y\"\r\n") + "0;z\r\nX: y\r\nZ: y\r\n\r\n");
            case CHUNKED_AND_LENGTH -> write(out, begin + "Content-Length: 7\n" + chunked, chunk + end);
            case UNTIL_CLOSE -> write(out, begin + "Connection: close\n\n", text);
            case LINE_BREAKS_BEHIND -> write(out, begin + length, text + "\r\n\n\r\n");
            case EMPTY_LINES_BEFORE -> write(out, "\n\n\n" + begin + length, text);
            case INTERIM_ANSWERS_BEFORE ->
                write(out, "HTTP/1.1 103 Early Hints\nLink: x\n\n".repeat(5) + begin + length, text);
            case ANOTHER_ANSWER_BEHIND -> write(out, begin + length, text + "HTTP/1.1 200 OK\r\n\r\n" + ROOM);
            case LENGTH_TOO_SHORT -> write(out, begin + "Content-Length: " + text.length() / 2 + "\n\n", text);
            case LENGTH_TOO_LONG -> write(out, begin + "Content-Length: " + (text.length() + 9L) + "\n\n", text);
            case LENGTH_NEGATIVE -> write(out, begin + "Content-Length: -9\n\n", text);
            case LENGTH_NO_NUMBER -> write(out, begin + "Content-Length: " + SECRETS.get(0) + "\n\n", text);
            case LENGTHS_DIFFER -> write(out, begin + "Content-Length: 5\nContent-Length: 6\n\n", text);
            case CHUNK_SIZE_NO_NUMBER -> write(out, begin + chunked, SECRETS.get(0) + "\r\n" + text);
            case CHUNK_SIZE_NEGATIVE -> write(out, begin + chunked, "-5\r\n" + text);
            case CHUNK_CUT_OFF -> write(out, begin + chunked, "7fffffff\r\n" + text);
            case CHUNKS_WITHOUT_END -> write(out, begin + chunked, chunk);
            case EXTENSION_TOO_LONG ->
                write(out, begin + chunked, "1;" + "x".repeat(20_000) + "\r\n \r\n" + chunk + end);
            case TRAILERS_TOO_MANY -> write(out, begin + chunked, chunk + "0\r\n" + "X: y\r\n".repeat(400) + "\r\n");
            case TRAILER_TOO_LONG -> write(out, begin + chunked, chunk + "0\r\nX: " + "x".repeat(20_000) + "\r\n\r\n");
            case GARBAGE_BEFORE -> write(out, "{}\n" + begin + length, text);
            case INTERIM_ANSWERS_WITHOUT_END -> write(out, "HTTP/1.1 102 Processing\n\n".repeat(10_000), "");
            case STALLED -> {
                write(out, begin + "Content-Length: " + (text.length() + 9L) + "\n\n", text);
                // Until the client has had enough.
                socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            }
            case RESET -> {
                write(
                        out,
                        begin + "Content-Length: " + (text.length() + 9L) + "\n\n",
                        text.substring(0, text.length() / 4_000));
                socket.setSoLinger(true, 0);
            }
        }
    }

    private static void write(OutputStream out, String head, String rest) throws IOException {
        out.write((head.replace("\n", "\r\n") + rest).getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    @Override
    public String toString() {
        String line = status.line().lines().findFirst().orElseThrow();
        return line.substring(0, Math.min(40, line.length())) + " | " + headers.name() + " | " + framing + " | "
                + body.name();
    }
}

package dev.serai.batch.file;

import dev.serai.wire.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A file's text: in UTF-8, or in UTF-16 where its byte order mark says so. Bytes that are no text are read as U+FFFD, and
 * the lines that they are in are remembered until they are asked for. For one thread.
 */
final class DecodedText extends Reader {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final char REPLACEMENT = '\uFFFD';

    private final DigestInputStream in;
    private final CharsetDecoder decoder;
    private final ByteBuffer bytes;
    private final Deque<Long> malformedLines = new ArrayDeque<>();
    private boolean isAtEnd;
    private boolean owesReplacement;
    private boolean afterCarriageReturn;
    private long line = 1;

    private DecodedText(DigestInputStream in, Charset charset, ByteBuffer bytes) {
        this.in = in;
        this.decoder = charset.newDecoder();
        this.bytes = bytes;
    }

    /** Takes over the stream, from its beginning. */
    static DecodedText of(InputStream stream) throws IOException {
        DigestInputStream in = new DigestInputStream(stream, Digests.sha256());
        ByteBuffer first = ByteBuffer.allocate(BUFFER_BYTES);
        first.limit(in.readNBytes(first.array(), 0, 4));
        return new DecodedText(in, charset(first), first);
    }

    /** By the byte order mark, which is skipped. */
    private static Charset charset(ByteBuffer first) {
        if (isNext(first, 0xEF, 0xBB, 0xBF)) {
            return StandardCharsets.UTF_8;
        }
        if (isNext(first, 0xFF, 0xFE)) {
            return StandardCharsets.UTF_16LE;
        }
        return isNext(first, 0xFE, 0xFF) ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_8;
    }

    private static boolean isNext(ByteBuffer bytes, int... mark) {
        for (int at = 0; at < mark.length; at++) {
            if (bytes.limit() <= at || (bytes.get(at) & 0xFF) != mark[at]) {
                return false;
            }
        }
        bytes.position(mark.length);
        return true;
    }

    /** Whether bytes that are no text are in one of the lines up to this one; each is told once. */
    boolean isMalformedUpTo(long lastLine) {
        boolean found = false;
        while (!malformedLines.isEmpty() && malformedLines.getFirst() <= lastLine) {
            malformedLines.removeFirst();
            found = true;
        }
        return found;
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
        CharBuffer out = CharBuffer.wrap(buffer, offset, length).slice();
        int counted = offset;
        while (true) {
            if (owesReplacement && out.hasRemaining()) {
                out.put(REPLACEMENT);
                owesReplacement = false;
            }
            CoderResult result = decoder.decode(bytes, out, isAtEnd);
            counted = countLines(buffer, counted, offset + out.position());
            if (result.isError()) {
                noteMalformed();
                bytes.position(bytes.position() + result.length());
                owesReplacement = true;
            } else if (result.isOverflow() || out.position() > 0) {
                return out.position();
            } else if (isAtEnd) {
                return -1;
            } else {
                fill();
            }
        }
    }

    private void noteMalformed() {
        if (malformedLines.isEmpty() || malformedLines.getLast() != line) {
            malformedLines.addLast(line);
        }
    }

    /** As parsers count them: a line ends with CR, LF, or both. */
    private int countLines(char[] buffer, int from, int to) {
        for (int at = from; at < to; at++) {
            char next = buffer[at];
            if (next == '\r' || (next == '\n' && !afterCarriageReturn)) {
                line++;
            }
            afterCarriageReturn = next == '\r';
        }
        return to;
    }

    private void fill() throws IOException {
        bytes.compact();
        byte[] more = new byte[bytes.remaining()];
        int read = in.read(more);
        if (read < 0) {
            isAtEnd = true;
        } else {
            bytes.put(more, 0, read);
        }
        bytes.flip();
    }

    /** SHA-256 of the bytes that were read, of the whole file at its end; to be asked for once. */
    String digest() {
        return Digests.text(in.getMessageDigest());
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}

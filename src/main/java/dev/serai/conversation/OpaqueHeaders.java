package dev.serai.conversation;

import dev.serai.wire.RecordHeader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;

/**
 * Carries record headers past Camel unchanged. Camel's messages hold headers in a map that ignores case, keeps one value
 * for a name and drops names of its own; Kafka's records hold a list of any names. So a step packs the list into one
 * header, and this interceptor of the producer unpacks it into the record. Thread-safe.
 */
public final class OpaqueHeaders implements ProducerInterceptor<byte[], byte[]> {
    /** The message header with the packed list; never leaves the process. */
    static final String PACKED = "serai-packed-headers";

    /** Packs headers for the message header {@link #PACKED}. */
    static byte[] pack(List<RecordHeader> headers) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(headers.size());
            for (RecordHeader header : headers) {
                byte[] value = header.value();
                write(out, header.name().getBytes(StandardCharsets.UTF_8));
                out.writeBoolean(value != null);
                write(out, value == null ? new byte[0] : value);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static List<RecordHeader> unpack(byte[] packed) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(packed))) {
            int size = in.readInt();
            List<RecordHeader> headers = new ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                String name = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
                boolean present = in.readBoolean();
                byte[] value = in.readNBytes(in.readInt());
                headers.add(new RecordHeader(name, present ? value : null));
            }
            return headers;
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory failed", e);
        }
    }

    @Override
    public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> outgoing) {
        Header packed = outgoing.headers().lastHeader(PACKED);
        if (packed != null) {
            outgoing.headers().remove(PACKED);
            unpack(packed.value()).forEach(header -> outgoing.headers().add(header.name(), header.value()));
        }
        return outgoing;
    }

    @Override
    public void onAcknowledgement(RecordMetadata metadata, Exception exception) {}

    @Override
    public void close() {}

    @Override
    public void configure(Map<String, ?> configuration) {}
}

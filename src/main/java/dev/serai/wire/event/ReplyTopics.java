package dev.serai.wire.event;

import dev.serai.wire.OriginalRecord;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where a reply goes. A request may name a topic in the header of Spring's request-reply or of SmallRye's, but only one that
 * the operator allowed: replies carry credentials, and whoever can publish start events must not choose who reads them. It
 * may name a partition, too, on which its client alone listens. Immutable.
 *
 * @param standard where replies go when the request names no topic; always allowed
 * @param allowed what requests may name besides
 * @param topicHeaders in which headers; where a request has several, the first of these counts
 * @param partitionHeaders in which headers requests name a partition; likewise
 */
public record ReplyTopics(
        String standard, Set<String> allowed, List<String> topicHeaders, List<String> partitionHeaders) {
    public ReplyTopics {
        allowed = Set.copyOf(allowed);
        topicHeaders = List.copyOf(topicHeaders);
        partitionHeaders = List.copyOf(partitionHeaders);
    }

    /** A topic that a request names, and in which header. */
    public record Topic(String header, String name) {}

    /**
     * A partition that a request names, and in which header.
     *
     * @param number below 0 if there can be no such partition
     * @param isReadable whether the value has the form that the number has there: 4 bytes, the highest first
     */
    public record Partition(String header, int number, boolean isReadable) {
        private static Partition of(String header, byte[] value) {
            return value.length == Integer.BYTES
                    ? new Partition(header, ByteBuffer.wrap(value).getInt(), true)
                    : new Partition(header, -1, false);
        }
    }

    /** The first topic that the request names, of those that it may name or of those that it may not. */
    private Optional<Topic> named(OriginalRecord request, boolean allowed) {
        for (String header : topicHeaders) {
            Optional<String> name = request.headerText(header);
            if (name.isPresent() && isAllowed(name.get()) == allowed) {
                return Optional.of(new Topic(header, name.get()));
            }
        }
        return Optional.empty();
    }

    /** A topic that the request names though it may not, in whichever header. */
    public Optional<Topic> forbidden(OriginalRecord request) {
        return named(request, false);
    }

    /** The topic that the request names, if it may. */
    public Optional<String> requested(OriginalRecord request) {
        return named(request, true).map(Topic::name);
    }

    /** The topic to reply to: the requested one if it is allowed, else the standard one. */
    public String topicFor(OriginalRecord request) {
        return requested(request).orElse(standard);
    }

    /**
     * The partition that the request names, whether there is one or not. None if it names only topics that it may not: the
     * partition is one of theirs, and on the standard topic somebody else's.
     */
    public Optional<Partition> partition(OriginalRecord request) {
        if (forbidden(request).isPresent() && requested(request).isEmpty()) {
            return Optional.empty();
        }
        for (String header : partitionHeaders) {
            Optional<byte[]> value = request.header(header);
            if (value.isPresent()) {
                return Optional.of(Partition.of(header, value.get()));
            }
        }
        return Optional.empty();
    }

    /** Whether requests may name that topic. */
    public boolean isAllowed(String topic) {
        return topic.equals(standard) || allowed.contains(topic);
    }
}

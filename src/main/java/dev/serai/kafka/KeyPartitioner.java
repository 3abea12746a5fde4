package dev.serai.kafka;

import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.apache.kafka.common.utils.Utils;

/**
 * How publishers' clients choose a record's partition by its key. They do not agree: two publishers of one conversation
 * with different ones put its events into two partitions, which have no order among each other.
 */
public enum KeyPartitioner {
    /** Of Java's clients, franz-go, kafka-python, and of others that are told to do as Java does. */
    MURMUR2("murmur2, as Java's clients do it") {
        @Override
        public int partition(byte[] key, int partitions) {
            return Utils.toPositive(Utils.murmur2(key)) % partitions;
        }
    },
    /** librdkafka's {@code consistent_random}, its default. */
    CRC32("CRC32, as librdkafka does it unless partitioner=murmur2_random is set") {
        @Override
        public int partition(byte[] key, int partitions) {
            CRC32 checksum = new CRC32();
            checksum.update(key);
            return (int) (checksum.getValue() % partitions);
        }
    },
    /** The 32 bits of FNV-1a as a signed number, whose remainder loses its sign. */
    FNV_1A("FNV-1a, as sarama and the Hash balancer of kafka-go do it") {
        @Override
        public int partition(byte[] key, int partitions) {
            int hash = 0x811c9dc5;
            for (byte next : key) {
                hash = (hash ^ (next & 0xff)) * 0x01000193;
            }
            return Math.abs(hash % partitions);
        }
    };

    private final String text;

    KeyPartitioner(String text) {
        this.text = text;
    }

    /**
     * The partition that a record of that key goes to.
     *
     * @param key not empty: without a key some of these choose at random
     * @param partitions of the topic, at least 1
     */
    public abstract int partition(byte[] key, int partitions);

    /** Those that put a record of that key there. With few partitions some do so by chance. */
    public static List<KeyPartitioner> choosing(int partition, byte[] key, int partitions) {
        return Arrays.stream(values())
                .filter(each -> each.partition(key, partitions) == partition)
                .toList();
    }

    /** For people: the hash, and whose it is. */
    public String text() {
        return text;
    }
}

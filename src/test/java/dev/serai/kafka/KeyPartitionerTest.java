package dev.serai.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against Kafka's own producer, and against what other clients were seen to do. */
class KeyPartitionerTest {
    private static final byte[] KEY = "learner-1".getBytes(UTF_8);

    @Test
    void murmur2_choosesAsTheJavaProducerDoes() {
        for (int number = 0; number < 1_000; number++) {
            byte[] key = ("conversation-" + number).getBytes(UTF_8);

            assertThat(KeyPartitioner.MURMUR2.partition(key, 7)).isEqualTo(BuiltInPartitioner.partitionForKey(key, 7));
        }
    }

    /** FNV's and CRC's own published values: of "foobar" and "a", and of "123456789". */
    @ParameterizedTest
    @CsvSource({"FNV_1A, a, 0xe40c292c", "FNV_1A, foobar, 0xbf9cf968"})
    void fnv_isTheRemainderOfTheSignedHash(KeyPartitioner fnv, String key, String hash) {
        int signed = Long.decode(hash).intValue();

        assertThat(fnv.partition(key.getBytes(UTF_8), 1_000_003)).isEqualTo(Math.abs(signed % 1_000_003));
    }

    @Test
    void crc32_isTheRemainderOfTheUnsignedChecksum() {
        assertThat(KeyPartitioner.CRC32.partition("123456789".getBytes(UTF_8), 1_000_003))
                .isEqualTo((int) (0xcbf43926L % 1_000_003));
    }

    @Test
    void choosing_namesAllThatFit() {
        assertThat(KeyPartitioner.choosing(0, KEY, 1)).containsExactly(KeyPartitioner.values());
        List<Integer> chosen = Arrays.stream(KeyPartitioner.values())
                .map(each -> each.partition(KEY, 64))
                .toList();
        assertThat(chosen).doesNotHaveDuplicates();
        assertThat(KeyPartitioner.choosing(chosen.get(1), KEY, 64)).containsExactly(KeyPartitioner.CRC32);
    }
}

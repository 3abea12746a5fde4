package dev.serai.source.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

class TopicEntriesPropertyTest {
    private static final List<String> KEYS = List.of("a", "b");

    /** A record, at the offset of its place among those of its partition. */
    record Sent(
            int partition,
            String key,
            long timestamp,
            @Nullable String value) {}

    @Property(tries = 1_000)
    void partitions_mayComeInAnyOrder(@ForAll("sent") List<Sent> sent) throws Exception {
        List<Sent> oneAfterTheOther = new ArrayList<>(sent);
        oneAfterTheOther.sort(Comparator.comparing(Sent::partition));

        TopicEntries mixed = entries(sent);
        TopicEntries sorted = entries(oneAfterTheOther);
        TopicEntries reversed = entries(sent.stream()
                .sorted(Comparator.comparing(Sent::partition).reversed())
                .toList());

        for (String key : KEYS) {
            assertThat(value(mixed, key)).isEqualTo(value(sorted, key)).isEqualTo(value(reversed, key));
        }
        assertThat(mixed.size()).isEqualTo(sorted.size()).isEqualTo(reversed.size());
    }

    @Property(tries = 500)
    void lastRecordOfAPartition_counts(@ForAll("sent") List<Sent> sent) throws Exception {
        List<Sent> ofOne = sent.stream().filter(each -> each.partition() == 0).toList();

        TopicEntries entries = entries(ofOne);

        for (String key : KEYS) {
            Optional<String> last = ofOne.stream()
                    .filter(each -> each.key().equals(key))
                    .reduce((one, next) -> next)
                    .map(Sent::value);
            assertThat(value(entries, key)).isEqualTo(last);
        }
    }

    private static TopicEntries entries(List<Sent> sent) {
        var entries = new TopicEntries(100);
        for (int offset = 0; offset < sent.size(); offset++) {
            Sent each = sent.get(offset);
            String value = each.value();
            entries.take(new ConsumerRecord<>(
                    "topic",
                    each.partition(),
                    offset,
                    each.timestamp(),
                    TimestampType.CREATE_TIME,
                    1,
                    1,
                    each.key().getBytes(UTF_8),
                    value == null ? null : value.getBytes(UTF_8),
                    new RecordHeaders(),
                    Optional.empty()));
        }
        entries.complete();
        return entries;
    }

    private static Optional<String> value(TopicEntries entries, String key) throws Exception {
        return Optional.ofNullable(entries.get(key.getBytes(UTF_8))).map(value -> new String(value, UTF_8));
    }

    @Provide
    Arbitrary<List<Sent>> sent() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.of(KEYS),
                        Arbitraries.longs().between(0, 4),
                        Arbitraries.of("1", "2", "3", "4").injectNull(0.3))
                .as(Sent::new)
                .list()
                .ofMaxSize(12);
    }
}

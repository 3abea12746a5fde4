package dev.serai.dialect.mapping;

import static dev.serai.dialect.mapping.ShippedSamples.CALLER;
import static dev.serai.dialect.mapping.ShippedSamples.DIALLED;
import static dev.serai.dialect.mapping.ShippedSamples.context;
import static dev.serai.dialect.mapping.ShippedSamples.defaults;
import static dev.serai.dialect.mapping.ShippedSamples.events;
import static dev.serai.dialect.mapping.ShippedSamples.ids;
import static dev.serai.dialect.mapping.ShippedSamples.mapping;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.dialect.mapping.MappingResult.Mapped;
import dev.serai.dialect.mapping.MappingResult.Rejected;
import dev.serai.dialect.mapping.ShippedSamples.Sample;
import dev.serai.wire.OriginalRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds of every mapping in {@code config/mappings}, over all of its samples. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ShippedMappingsTest {
    /** What no record of a vendor's can be: a flow runs while somebody is there, a contact record comes when nobody is. */
    private static final Map<String, String> NO_SUCH_THING =
            Map.of("amazon-connect-flow", "end", "amazon-connect-record", "start");

    /** What bridges make anew for each delivery; also inside of JSON inside of JSON. */
    private static final Pattern ENVELOPE_ID = Pattern.compile(
            "(\\\\*\"(?:id|messageId|MessageId|transactionKey|CorrelationId)\\\\*\"\\s*:\\s*\\\\*\")[^\"\\\\]*");

    static List<String> vendors() throws Exception {
        return ShippedSamples.vendors();
    }

    static List<Sample> samples() throws Exception {
        return ShippedSamples.all();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void sample_becomesWhatIsExpected(Sample sample) throws Exception {
        assertThat(sample.files().differences(mapping(sample.vendor()))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void sample_isOfTheKindThatItsNameSays(Sample sample) throws Exception {
        MappingResult result = mapping(sample.vendor()).map(sample.files().record());
        switch (sample.kind()) {
            case "start" ->
                assertThat(events(result)).isNotEmpty().allSatisfy(event -> assertThat(
                                event.event().path("action").asText())
                        .isEqualTo("start"));
            case "end" ->
                assertThat(events(result)).isNotEmpty().allSatisfy(event -> {
                    assertThat(event.event().path("action").asText()).isEqualTo("end");
                    assertThat(event.event().path("final").asBoolean()).isTrue();
                });
            case "ignored" ->
                assertThat(result).isInstanceOfSatisfying(Mapped.class, mapped -> {
                    assertThat(mapped.events()).isEmpty();
                    assertThat(mapped.ignored()).isNotEmpty().doesNotContain("nothing");
                });
            case "malformed" ->
                assertThat(result).isInstanceOfSatisfying(Rejected.class, rejected -> assertThat(rejected.reason())
                        .matches("/\\w[\\w/]*: .+")
                        .doesNotContain(CALLER, DIALLED));
            default -> throw new AssertionError("a sample's name begins with start, end, ignored or malformed");
        }
    }

    @ParameterizedTest
    @MethodSource("vendors")
    void vendor_hasThreeSamplesOfEachKind(String vendor) throws Exception {
        Map<String, Long> counts =
                ShippedSamples.of(vendor).stream().collect(Collectors.groupingBy(Sample::kind, Collectors.counting()));

        Stream.of("start", "end", "ignored", "malformed")
                .filter(kind -> !kind.equals(NO_SUCH_THING.get(vendor)))
                .forEach(kind ->
                        assertThat(counts.getOrDefault(kind, 0L)).as(kind).isGreaterThanOrEqualTo(3));
    }

    @Test
    void redelivery_inAnotherEnvelope_isTheSameEvent() throws Exception {
        Set<String> vendors = new HashSet<>();
        for (Sample sample : samples()) {
            OriginalRecord raw = sample.files().record();
            OriginalRecord again = inAnotherEnvelope(raw);
            Mapping mapping = mapping(sample.vendor());

            assertThat(ids(mapping.map(again))).as(sample.toString()).isEqualTo(ids(mapping.map(raw)));
            if (!Arrays.equals(raw.value(), again.value())) {
                vendors.add(sample.vendor());
            }
        }
        assertThat(vendors).containsExactlyInAnyOrderElementsOf(vendors());
    }

    @Test
    void keyAndEventId_haveNoPhoneNumber() throws Exception {
        for (Sample sample : samples()) {
            assertThat(ids(mapping(sample.vendor()).map(sample.files().record())))
                    .as(sample.toString())
                    .allSatisfy(ids -> assertThat(ids).doesNotContain(CALLER, DIALLED));
        }
    }

    @Test
    void caller_withKeyFile_isADigestEverywhere() throws Exception {
        NumberDigest digest = NumberDigest.of(Base64.getEncoder().encodeToString(new byte[32]));
        MappingContext context = new MappingContext(LookUp.none(), digest, "DE", defaults());
        Set<String> digests = new HashSet<>();
        for (String vendor : vendors()) {
            Mapping mapping = mapping(vendor, context);
            for (Sample sample : ShippedSamples.of(vendor)) {
                for (MappedEvent event : events(mapping.map(sample.files().record()))) {
                    assertThat(event.event().toString()).as(sample.toString()).doesNotContain(CALLER);
                    digests.add(event.event().path("end_user_id").asText());
                }
            }
        }
        // One caller is one person, whoever tells of the call.
        assertThat(digests).contains(digest.digest("+" + CALLER)).doesNotContain("+" + CALLER);
    }

    @Test
    void record_becomesTheSameAgain() throws Exception {
        for (String vendor : vendors()) {
            Mapping another = mapping(vendor, context());
            for (Sample sample : ShippedSamples.of(vendor)) {
                MappingResult once = mapping(vendor).map(sample.files().record());

                assertThat(mapping(vendor).map(sample.files().record())).isEqualTo(once);
                assertThat(another.map(sample.files().record())).isEqualTo(once);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("vendors")
    void whatIsNotTheVendors_isIgnoredUnderOneLabel_orRefused(String vendor) throws Exception {
        Mapping mapping = mapping(vendor);
        for (String value : List.of("{}", "7", "null", "{\"type\":\"x\"}", "{\"payload\":{\"payload\":{}}}")) {
            assertThat(mapping.map(raw(value))).as(value).isEqualTo(new Mapped(List.of(), List.of("unknown type")));
        }
        assertThat(mapping.map(raw("[]"))).isEqualTo(new Mapped(List.of(), List.of("nothing")));
        assertThat(mapping.map(raw("\"see you later\""))).isEqualTo(new Rejected("/: is text and not JSON"));
    }

    private static OriginalRecord raw(String value) {
        return new OriginalRecord(
                "calls", 0, 0, Instant.EPOCH, null, value.getBytes(StandardCharsets.UTF_8), List.of());
    }

    private static OriginalRecord inAnotherEnvelope(OriginalRecord raw) {
        String value = new String(raw.value() == null ? new byte[0] : raw.value(), StandardCharsets.UTF_8);
        return new OriginalRecord(
                raw.topic(),
                raw.partition(),
                raw.offset() + 1,
                raw.timestamp().plusSeconds(60),
                raw.key(),
                ENVELOPE_ID.matcher(value).replaceAll("$1delivered-again").getBytes(StandardCharsets.UTF_8),
                raw.headers());
    }
}

package dev.serai.trial.guarantee;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.trial.standin.RecordedCall;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class NoSecretElsewhereTest {
    private static final History NOTHING = new SampleHistory().history();
    private static final String SIGNATURE = "c2lnbmF0dXJlLW9mLWEtdG9rZW4";
    private static final String TOKEN = "aGVhZGVy.Ym9keQ." + SIGNATURE;
    private static final String SESSION = "7f1c2d3e-0000-4000-8000-123456789abc";

    private final SecretSearch search = searchFor(TOKEN, SESSION);

    NoSecretElsewhereTest() throws IOException {}

    private static SecretSearch searchFor(String token, String session) throws IOException {
        return SecretSearch.forAnswers(List.of(new RecordedCall(
                1,
                Instant.EPOCH,
                Instant.EPOCH,
                "POST",
                "/connect",
                Map.of(),
                "",
                null,
                null,
                true,
                200,
                "{\"session_id\":\"" + session + "\",\"token\":\"" + token + "\"}")));
    }

    @Test
    void lineWithAToken_orItsSignature_orASessionId_isFound() {
        assertThat(search.secrets()).isEqualTo(2);
        assertThat(search.in("WARN Bridge answered " + TOKEN + ", going on")).isEqualTo(1);
        assertThat(search.in("{\"signature\":\"" + SIGNATURE + "\"}")).isEqualTo(1);
        assertThat(search.in("session_id=" + SESSION + " ended; " + SESSION)).isEqualTo(1);
        assertThat(search.in("WARN Bridge answered [masked]")).isZero();
    }

    @Test
    void recordWithOne_isFoundInKeyValueAndHeaders() {
        assertThat(search.in(new ConsumerRecord<>("t", 0, 0, TOKEN.getBytes(UTF_8), null)))
                .isEqualTo(1);
        assertThat(search.in(new ConsumerRecord<>("t", 0, 0, null, ("{\"a\":\"" + SESSION + "\"}").getBytes(UTF_8))))
                .isEqualTo(1);
        ConsumerRecord<byte[], byte[]> inHeader = new ConsumerRecord<>("t", 0, 0, null, null);
        inHeader.headers().add("serai-error-detail", ("it says " + TOKEN).getBytes(UTF_8));
        assertThat(search.in(inHeader)).isEqualTo(1);
        assertThat(search.in(new ConsumerRecord<>("t", 0, 0, "caller".getBytes(UTF_8), "{}".getBytes(UTF_8))))
                .isZero();
    }

    @Test
    void leak_isABreach() {
        assertThat(new NoSecretElsewhere(2, 1, List.of()).breaches(NOTHING)).isEmpty();
        assertThat(new NoSecretElsewhere(2, 1, List.of("the log of replica-1 has 1")).breaches(NOTHING))
                .containsExactly("the log of replica-1 has 1");
    }

    @Test
    void searchThatFindsNothingOnTheReplyTopic_isABreach() {
        assertThat(new NoSecretElsewhere(2, 0, List.of()).breaches(NOTHING))
                .singleElement()
                .asString()
                .endsWith("the search is blind");
        assertThat(new NoSecretElsewhere(0, 5, List.of()).breaches(NOTHING)).hasSize(1);
    }
}

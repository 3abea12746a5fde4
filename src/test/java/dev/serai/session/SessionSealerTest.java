package dev.serai.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class SessionSealerTest {
    private static final byte[] CALLER = "caller-1".getBytes(UTF_8);
    private static final Instant OPENED = Instant.parse("2026-01-31T10:00:00.120Z");
    private static final OpenSession SESSION = SampleSessions.open("e1", OPENED, OPENED.plusSeconds(60));

    private final SessionSealer sealer = new SessionSealer(SealingKeys.of(SampleSessions.KEY_A));

    @Test
    void session_isOpenedAsItWasSealed() throws Exception {
        OpenSession many = new OpenSession("e2", "guide", "north", List.of("id-1", "id-\u00fc"), OPENED, null, null);

        for (OpenSession session : List.of(SESSION, many)) {
            assertThat(sealer.open(CALLER, sealer.seal(CALLER, session)))
                    .usingRecursiveComparison()
                    .isEqualTo(session);
        }
    }

    @Test
    void sealed_showsNeitherIdNorReply_andIsAnotherEachTime() {
        SealedSession sealed = sealer.seal(CALLER, SESSION);

        assertThat(new String(sealed.sealed(), ISO_8859_1)).doesNotContain("live-session", "token");
        assertThat(sealer.seal(CALLER, SESSION).sealed()).isNotEqualTo(sealed.sealed());
        assertThat(sealed + " " + SESSION + " " + SealingKeys.of(SampleSessions.KEY_A))
                .doesNotContain("live-session", "token", "e1", SampleSessions.KEY_A);
    }

    static Stream<SealedSession> changed() {
        SealedSession sealed = new SessionSealer(SealingKeys.of(SampleSessions.KEY_A)).seal(CALLER, SESSION);
        Instant later = OPENED.plusMillis(1);
        Stream<SealedSession> fields = Stream.of(
                with(sealed, "e2", "guide", "default", OPENED, sealed.closeAt()),
                with(sealed, "e1", "clerk", "default", OPENED, sealed.closeAt()),
                with(sealed, "e1", "guide", "north", OPENED, sealed.closeAt()),
                with(sealed, "e1", "guide", "default", later, sealed.closeAt()),
                with(sealed, "e1", "guide", "default", OPENED, later),
                with(sealed, "e1", "guide", "default", OPENED, null));
        byte[] bytes = sealed.sealed();
        Stream<SealedSession> flipped = Stream.of(0, 12, bytes.length / 2, bytes.length - 1)
                .map(place -> {
                    byte[] other = bytes.clone();
                    other[place] ^= 1;
                    return other;
                })
                .map(other -> with(sealed, other));
        Stream<SealedSession> cut =
                Stream.of(0, 11, 12, 27, bytes.length - 1).map(length -> with(sealed, Arrays.copyOf(bytes, length)));
        return Stream.of(fields, flipped, cut).flatMap(each -> each);
    }

    private static SealedSession with(
            SealedSession sealed,
            String eventId,
            String characterId,
            String tenant,
            Instant openedAt,
            @Nullable Instant closeAt) {
        return new SealedSession(eventId, characterId, tenant, openedAt, closeAt, sealed.keyId(), sealed.sealed());
    }

    private static SealedSession with(SealedSession sealed, byte[] bytes) {
        return new SealedSession(
                sealed.eventId(),
                sealed.characterId(),
                sealed.tenant(),
                sealed.openedAt(),
                sealed.closeAt(),
                sealed.keyId(),
                bytes);
    }

    @ParameterizedTest
    @MethodSource("changed")
    void whatWasChanged_isNotOpened(SealedSession changed) {
        assertThatExceptionOfType(UnsealableException.class).isThrownBy(() -> sealer.open(CALLER, changed));
    }

    @Test
    void whatWasMovedToAnotherConversation_isNotOpened() {
        SealedSession sealed = sealer.seal(CALLER, SESSION);

        assertThatExceptionOfType(UnsealableException.class)
                .isThrownBy(() -> sealer.open("caller-2".getBytes(UTF_8), sealed))
                .withMessage("it was changed, or sealed for something else");
    }

    @Test
    void anotherKey_doesNotOpen() {
        SealedSession sealed = new SessionSealer(SealingKeys.of(SampleSessions.KEY_B)).seal(CALLER, SESSION);

        assertThatExceptionOfType(UnsealableException.class)
                .isThrownBy(() -> sealer.open(CALLER, sealed))
                .withMessage("its key is not there");
    }

    @Test
    void rotation_sealsWithTheFirst_andOpensWithAll() throws Exception {
        SealedSession before = sealer.seal(CALLER, SESSION);

        sealer.replace(SealingKeys.of("\n" + SampleSessions.KEY_B + " \r\n\n" + SampleSessions.KEY_A + "\n"));

        SealedSession after = sealer.seal(CALLER, SESSION);
        Set<String> keys = new HashSet<>(List.of(before.keyId(), after.keyId()));
        assertThat(keys).hasSize(2).allMatch(id -> id.matches("[0-9a-f]{8}"));
        assertThat(sealer.open(CALLER, before).isSame(SESSION)).isTrue();
        assertThat(sealer.open(CALLER, after).isSame(SESSION)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n", "YWJj", "c2VjcmV0IQ==\n", "not-base64-but-a-secret!"})
    void whatIsNoKey_isRefusedWithoutRepeatingIt(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SealingKeys.of(text))
                .withMessageMatching("(there must be a key|a key must be .*)")
                .withMessageNotContaining("secret")
                .withNoCause();
    }
}

package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KafkaRefusedExceptionTest {
    static Stream<KafkaException> refusals() {
        return Stream.of(
                new TopicAuthorizationException(Set.of("t")),
                new SaslAuthenticationException("no such user"),
                new RecordTooLargeException("too large"));
    }

    static Stream<KafkaException> others() {
        return Stream.of(
                new TimeoutException("no answer"),
                new UnknownTopicOrPartitionException("not yet"),
                new KafkaException("of the client"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void whatKafkaWillNotDo_isRefused_howeverItIsWrapped(KafkaException refusal) {
        for (Exception failure : new Exception[] {refusal, new ExecutionException(refusal)}) {
            assertThat(KafkaRefusedException.because("not done", failure))
                    .isInstanceOf(KafkaRefusedException.class)
                    .hasMessage("not done: " + refusal.getMessage())
                    .hasCause(failure);
        }
    }

    @ParameterizedTest
    @MethodSource("others")
    void whatAnotherTryCanDo_isNot(KafkaException failure) {
        assertThat(KafkaRefusedException.because("not done", new ExecutionException(failure)))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("not done: " + failure.getMessage());
    }
}

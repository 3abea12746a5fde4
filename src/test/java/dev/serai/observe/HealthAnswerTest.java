package dev.serai.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.observe.HealthAnswer.Answer;
import dev.serai.observe.HealthAnswer.Probe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.apache.camel.impl.health.DefaultHealthCheckRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class HealthAnswerTest {
    private static final class Check extends AbstractHealthCheck {
        private final Consumer<HealthCheckResultBuilder> result;

        Check(String id, Consumer<HealthCheckResultBuilder> result) {
            super("test", id);
            this.result = result;
        }

        @Override
        protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
            result.accept(builder);
        }
    }

    private static Answer answer(boolean details, Check... checks) throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            HealthCheckRegistry registry = new DefaultHealthCheckRegistry(context);
            context.getCamelContextExtension().addContextPlugin(HealthCheckRegistry.class, registry);
            for (Check check : checks) {
                registry.register(check);
            }
            context.start();
            return new HealthAnswer(context).to(Probe.ALL, details);
        }
    }

    private static List<String> names(JsonNode checks) {
        List<String> names = new ArrayList<>();
        checks.forEach(check -> names.add(check.path("name").asText()));
        return names;
    }

    @Test
    void whatIsDown_comesFirst_thenWhatHasSomethingToSay() throws Exception {
        Answer answer = answer(
                false,
                new Check("a-fine", HealthCheckResultBuilder::up),
                new Check("b-talks", builder -> builder.message("one tenant's key")
                        .up()),
                new Check("c-down", builder -> builder.message("no \"broker\" answers")
                        .down()),
                new Check("d-broken", builder -> builder.error(
                                new IllegalStateException("no", new IllegalArgumentException("because")))
                        .down()));

        assertThat(answer.isUp()).isFalse();
        assertThat(answer.json().path("status").asText()).isEqualTo("DOWN");
        assertThat(answer.json().path("problem").asText())
                .isEqualTo("c-down: no \"broker\" answers; d-broken: no; caused by"
                        + " java.lang.IllegalArgumentException: because");
        assertThat(names(answer.json().path("checks"))).containsExactly("c-down", "d-broken", "b-talks", "a-fine");
        assertThat(answer.json().at("/checks/2/message").asText()).isEqualTo("one tenant's key");
        assertThat(answer.json().toString()).doesNotContain("\"data\"");
    }

    @Test
    void problemsAmongDetails_comeFirst() throws Exception {
        Answer answer = answer(true, new Check("provider", builder -> builder.detail("acme.calls", 3)
                .detail("acme.gate", "credentials")
                .detail("beta.problem", "its key is refused")
                .detail("acme.problem", "its key is refused")
                .up()));

        assertThat(answer.isUp()).isTrue();
        assertThat(answer.json().has("problem")).isFalse();
        List<String> details = new ArrayList<>();
        Objects.requireNonNull(answer.json().at("/checks/0/data")).fieldNames().forEachRemaining(details::add);
        assertThat(details).containsSubsequence("acme.problem", "beta.problem", "acme.calls", "acme.gate");
        assertThat(details).first().isEqualTo("acme.problem");
        assertThat(answer.json().at("/checks/0/data/acme.calls").asInt()).isEqualTo(3);
    }

    @Test
    void secrets_areMasked() throws Exception {
        Answer answer = answer(
                false,
                new Check("a", builder -> builder.message("password=hunter2-PRIVATE")
                        .down()),
                new Check("b", builder -> builder.error(new IllegalStateException("token: PRIVATE-token"))
                        .down()));

        assertThat(answer.json().toString()).doesNotContain("PRIVATE");
    }
}

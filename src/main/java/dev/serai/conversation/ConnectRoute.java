package dev.serai.conversation;

import dev.serai.connect.ConnectCall;
import dev.serai.connect.Tenant;
import java.io.IOException;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.TryDefinition;

/**
 * Calls {@code POST /connect} until it comes to something: a room in the {@link EventInFlight}, or a
 * {@link ConversationFailure}. The answers' meaning and what follows from it are in {@link dev.serai.connect.answer}, and when a
 * call may be made is in {@link dev.serai.connect.gate}.
 */
public final class ConnectRoute extends RouteBuilder {
    private final ConnectSteps steps;

    public ConnectRoute(ConnectSteps steps) {
        this.steps = steps;
    }

    @Override
    public void configure() {
        TryDefinition oneCall = from("direct:connect")
                .routeId("connect")
                .description("Opens a live session, with retries")
                // What fails here is for the failure policy of the line.
                .errorHandler(noErrorHandler())
                .process(steps::begin)
                .id("begin-call")
                .loopDoWhile(steps::isPending)
                .id("until-decided")
                .process(steps::pause)
                .id("pause-between-attempts")
                .doTry()
                .process(steps::awaitTurn)
                .id("await-turn")
                // The last look: a turn can come at the last moment.
                .process(steps.deadline())
                .id("check-deadline-before-call")
                .process(steps::prepareRequest)
                .id("prepare-request");
        callWithTheTenantsAccount(oneCall)
                .process(steps::readAnswer)
                .id("read-answer")
                .doCatch(IOException.class)
                .process(steps::readTransportFailure)
                .id("read-transport-failure")
                .doFinally()
                .process(steps::endTurn)
                .id("end-turn")
                .end()
                .end();
    }

    /** One endpoint for each tenant, and with it a client, a pool of connections and a key of its own. */
    private TryDefinition callWithTheTenantsAccount(TryDefinition oneCall) {
        ChoiceDefinition tenants = oneCall.choice().id("whose-account");
        for (Tenant tenant : steps.tenants()) {
            tenants.when(exchange -> ConnectCall.of(exchange).tenant().equals(tenant))
                    .to(tenant.endpoint())
                    .id("post-connect-" + tenant.name());
        }
        return tenants.end().endDoTry();
    }
}

package dev.serai.intake;

import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.TemplatedRouteDefinition;

/** Two routes for each intake, made of the templates in {@code routes/intake/}. */
public final class IntakeRoutes extends RouteBuilder {
    private static final String ARRIVAL = "mapped-intake";
    private static final String TURN = "mapped-intake-turn";

    private final List<Instance> instances;

    /** An intake whose routes are to be made. */
    public record Instance(String intake, String topic, String groupId) {}

    public IntakeRoutes(List<Instance> instances) {
        this.instances = List.copyOf(instances);
    }

    @Override
    public void configure() {
        // Camel starts them in this order: what is sent to has to be there first.
        instances.forEach(instance -> of(TURN, instance));
        instances.forEach(instance ->
                of(ARRIVAL, instance).parameter("topic", instance.topic()).parameter("groupId", instance.groupId()));
    }

    private TemplatedRouteDefinition of(String template, Instance instance) {
        return templatedRoute(template)
                .routeId(template + "-" + instance.intake())
                .prefixId(instance.intake())
                .parameter("intake", instance.intake());
    }
}

package org.millrace.bench.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.millrace.bench.load.client.Conversation;
import org.millrace.bench.load.client.Meter;
import org.millrace.bench.load.sip.SipStage;
import org.millrace.bench.load.sip.SipTexts;
import org.millrace.bench.load.sip.SipUser;

/** SIP users, in pairs where one writes to the other or calls it: the even to the odd. */
final class SipScript implements Script {
  private final SipStage stage;
  private final Meter meter;
  private final boolean pairs;
  private final List<SipUser> users = new ArrayList<>();
  private final List<SipUser> active = new ArrayList<>();
  private final Rotation rotation;

  SipScript(LoadPlan plan, Meter meter) {
    this.meter = meter;
    pairs = plan.scenario().isOfPairs();
    stage =
        new SipStage(
            meter,
            new SipTexts(plan.sip().domain(), System.nanoTime()),
            request(plan.scenario()),
            plan.payload(),
            plan.pace().outstanding(),
            plan.sip().hold().toNanos());
    for (int i = 0; i < plan.connections(); i++) {
      final int first = plan.sip().first();
      users.add(new SipUser(stage, first + i, first + (i ^ 1)));
      if (!pairs || i % 2 == 0) {
        active.add(users.get(i));
      }
    }
    rotation = new Rotation(active);
  }

  private static SipStage.Request request(Scenario scenario) {
    return switch (scenario) {
      case OPTIONS -> SipStage.Request.OPTIONS;
      case REGISTER -> SipStage.Request.REGISTER;
      case MESSAGE -> SipStage.Request.MESSAGE;
      case CALLS -> SipStage.Request.INVITE;
      default -> throw new IllegalArgumentException(scenario + " is not of SIP");
    };
  }

  @Override
  public List<? extends Conversation> conversations() {
    return users;
  }

  @Override
  public boolean isReady() throws IOException {
    if (!stage.refusal().isEmpty()) {
      throw new LoadException(
          "users have to be registered before they are called, but a "
              + stage.refusal()
              + ": the server, or what is behind it, must be a registrar of --domain that asks for no"
              + " password");
    }
    return !pairs || stage.registrations() >= users.size();
  }

  @Override
  public void start() {
    active.forEach(SipUser::start);
  }

  @Override
  public void due(long intendedNs) {
    rotation.due(intendedNs);
  }

  @Override
  public long timerNs() {
    return stage.nextEndNs();
  }

  @Override
  public void timer() {
    stage.endCalls();
  }

  @Override
  public boolean isBusy() {
    return stage.calls() > 0;
  }

  @Override
  public void finish() {
    for (int i = 0; i < stage.calls(); i++) {
      meter.error("BYE was not answered");
    }
  }
}

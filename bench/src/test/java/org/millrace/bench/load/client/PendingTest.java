package org.millrace.bench.load.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PendingTest {
  private final Pending pending = new Pending();

  @Test
  void anAnswerFindsTheTimeOfItsMessageAndIsTakenOnce() {
    pending.add(100);
    pending.add(200);
    assertThat(pending.due()).isEqualTo(2);
    assertThat(pending.send()).isEqualTo(100);
    assertThat(pending.send()).isEqualTo(200);
    assertThat(pending.due()).isZero();
    assertThat(pending.answer(1)).isEqualTo(200);
    assertThat(pending.isOpen(1)).isFalse();
    assertThat(pending.isOpen(0)).isTrue();
    assertThat(pending.answer(0)).isEqualTo(100);
  }

  @Test
  void whatWasNotSentIsNotOpen() {
    pending.add(100);
    assertThat(pending.isOpen(0)).isFalse();
    assertThat(pending.isOpen(7)).isFalse();
    assertThat(pending.isOpen(-1)).isFalse();
  }

  @Test
  void manyUnderWayKeepTheirTimes() {
    for (int i = 0; i < 10_000; i++) {
      pending.add(i);
      pending.send();
    }
    for (int i = 9_999; i >= 0; i--) {
      assertThat(pending.isOpen(i)).isTrue();
      assertThat(pending.answer(i)).isEqualTo(i);
    }
  }

  @Test
  void oneThatIsNeverAnsweredDoesNotDisturbTheOthers() {
    pending.add(0);
    pending.send();
    for (int i = 1; i < 100_000; i++) {
      pending.add(i);
      pending.send();
      assertThat(pending.answer(i)).isEqualTo(i);
    }
    assertThat(pending.isOpen(0)).isTrue();
  }

  @Test
  void moreThanCanBeUnderWayForgetTheOldest() {
    for (int i = 0; i <= Pending.MOST; i++) {
      pending.add(i);
      pending.send();
    }
    assertThat(pending.isOpen(0)).isFalse();
    assertThat(pending.answer(1)).isEqualTo(1);
    assertThat(pending.answer(Pending.MOST)).isEqualTo(Pending.MOST);
  }
}
